//! What the person at the keyboard sees: sentences, a bar on a terminal, a table at the end.

use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};

/// The voice of the demo.
pub(crate) struct Telling {
    bar: ProgressBar,
}

impl Telling {
    /// A bar over `steps` steps; it shows on a terminal only.
    pub(crate) fn new(steps: usize) -> Self {
        let bar = ProgressBar::new(steps as u64);
        let style = ProgressStyle::with_template("{spinner} {bar:28} {pos}/{len} {msg}");
        if let Ok(style) = style {
            bar.set_style(style);
        }
        bar.enable_steady_tick(Duration::from_millis(100));
        Self { bar }
    }

    /// Announces what is being done; nothing is claimed yet.
    pub(crate) fn doing(&self, step: &str) {
        self.bar.set_message(step.to_owned());
    }

    /// One more step is done.
    pub(crate) fn done(&self) {
        self.bar.inc(1);
    }

    /// A sentence. Only call it with what a program has answered.
    pub(crate) fn say(&self, sentence: &str) {
        self.bar.suspend(|| println!("{sentence}"));
    }

    /// Something to look at: indented, as it is.
    pub(crate) fn show(&self, text: &str) {
        self.bar.suspend(|| text.lines().for_each(|line| println!("    {line}")));
    }

    /// A heading.
    pub(crate) fn chapter(&self, title: &str) {
        self.bar.suspend(|| println!("\n{title}"));
    }

    /// Takes the bar away.
    pub(crate) fn end(&self) {
        self.bar.finish_and_clear();
    }
}

/// `2000` as `2,000`.
pub(crate) fn thousands(n: usize) -> String {
    let digits = n.to_string();
    let mut out = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// Two columns.
pub(crate) fn table(rows: &[(String, String)]) -> String {
    let width = rows.iter().map(|(name, _)| name.chars().count()).max().unwrap_or(0);
    rows.iter().map(|(name, value)| format!("{name:width$}  {value}\n")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_have_their_commas() {
        for (n, text) in
            [(0, "0"), (999, "999"), (1_000, "1,000"), (20_000, "20,000"), (1_234_567, "1,234,567")]
        {
            assert_eq!(thousands(n), text);
        }
    }

    #[test]
    fn a_table_is_aligned() {
        let rows = [("Grüße".to_owned(), "1".to_owned()), ("a".to_owned(), "2".to_owned())];
        assert_eq!(table(&rows), "Grüße  1\na      2\n");
    }
}
