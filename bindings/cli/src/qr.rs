//! A QR code in the terminal: two modules per character, from the core's modules.

use crate::output::Screen;
use paylink_core::message::QrModules;

/// Light modules around the code, as the standard asks.
const QUIET: usize = 4;

/// The code as lines of text. With colours it is black on white whatever the terminal's ground is; without them
/// the blocks are the light modules, as on the usual dark ground.
#[must_use]
pub fn draw(qr: &QrModules, screen: Screen) -> String {
    let (start, end) = if screen.colours() { ("\u{1b}[30;107m", "\u{1b}[0m") } else { ("", "") };
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
        format!("  {start}{row}{end}")
    });
    rows.collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_module_is_drawn_and_nothing_else() {
        let qr = paylink_core::message::qr("https://example.com/1").unwrap();
        let text = draw(&qr, Screen::new(true));
        let mut light = 0;
        for row in text.lines() {
            assert_eq!(row.chars().count(), 2 + qr.size + 2 * QUIET);
            light += row.chars().map(|c| match c { '█' => 2, '▀' | '▄' => 1, _ => 0 }).sum::<usize>();
        }
        let side = qr.size + 2 * QUIET;
        let dark = (0..qr.size).flat_map(|y| (0..qr.size).map(move |x| (x, y))).filter(|&(x, y)| qr.is_dark(x, y)).count();
        assert_eq!(light, side * side - dark);
    }
}
