//! A QR code in the terminal: two modules per character, from the core's modules.

use crate::screen::Screen;
use paylink_core::message::QrModules;

/// Light modules around the code, as the standard asks.
const QUIET: usize = 4;

/// The code as lines of text. With colours it is black on white whatever the terminal's ground is; without them
/// the blocks are the light modules, as on the usual dark ground.
#[must_use]
pub fn draw(qr: &QrModules, screen: Screen) -> String {
    let side = qr.size + 2 * QUIET;
    let inked = |x: usize, y: usize| {
        let dark = x.checked_sub(QUIET).zip(y.checked_sub(QUIET)).is_some_and(|(x, y)| qr.is_dark(x, y));
        // Below the last row, of an odd number, lies nothing.
        y < side && dark == screen.colours()
    };
    let rows = (0..side).step_by(2).map(|y| {
        let row: String = (0..side)
            .map(|x| match (inked(x, y), inked(x, y + 1)) {
                (true, true) => '█',
                (true, false) => '▀',
                (false, true) => '▄',
                (false, false) => ' ',
            })
            .collect();
        format!("  {}", screen.on_white(&row))
    });
    rows.collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_module_is_drawn_in_its_place_with_a_light_margin() {
        let qr = paylink_core::message::qr("https://example.com/1").unwrap();
        let text = draw(&qr, Screen::new(true));
        let side = qr.size + 2 * QUIET;
        let rows: Vec<Vec<char>> = text.lines().map(|row| row.chars().skip(2).collect()).collect();
        assert!(rows.len() == side.div_ceil(2) && rows.iter().all(|row| row.len() == side));
        for y in 0..side {
            for (x, block) in rows[y / 2].iter().enumerate() {
                let halves = match block {
                    '█' => [true, true],
                    '▀' => [true, false],
                    '▄' => [false, true],
                    _ => [false, false],
                };
                let dark = x >= QUIET && y >= QUIET && qr.is_dark(x - QUIET, y - QUIET);
                assert_eq!(halves[y % 2], !dark, "column {x}, row {y}");
            }
        }
    }
}
