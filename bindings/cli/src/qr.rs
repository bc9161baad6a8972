//! A QR code in the terminal: two modules per character, from the core's modules.

use crate::output::Screen;
use paylink_core::message::QrModules;

/// Light modules around the code; the standard asks for four.
const QUIET: i32 = 4;

/// The code as lines of text. With colours it is black on white whatever the terminal's ground is; without them
/// the blocks are the light modules, as on the usual dark ground.
#[must_use]
pub fn draw(screen: &Screen, qr: &QrModules) -> String {
    let size = qr.size();
    let (start, end) = (if screen.colours() { "\u{1b}[30;107m" } else { "" }, if screen.colours() { "\u{1b}[0m" } else { "" });
    let mut text = String::new();
    let mut y = -QUIET;
    while y < size + QUIET {
        text.push_str("  ");
        text.push_str(start);
        for x in -QUIET..size + QUIET {
            let inked = |y: i32| qr.is_dark(x, y) == screen.colours();
            // The last row of an odd number is half a line: its lower half lies outside the code.
            let lower = if y + 1 < size + QUIET { inked(y + 1) } else { false };
            text.push(match (inked(y), lower) {
                (true, true) => '█',
                (true, false) => '▀',
                (false, true) => '▄',
                (false, false) => ' ',
            });
        }
        text.push_str(end);
        text.push('\n');
        y += 2;
    }
    text
}
