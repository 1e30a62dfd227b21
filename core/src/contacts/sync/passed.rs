//! Why a member of a book is no contact here, and the number under which the contacts file keeps it.
use crate::contacts::card::SkipReason;
use crate::store::PassReason;

/// Why a member is passed over.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Passed {
    /// Its card did not become a contact.
    Skipped(SkipReason),
    /// The filter leaves it out.
    Filtered,
}

/// The numbers are stored: they never change, and none is used again.
const NUMBERS: [(Passed, u8); 5] = [
    (Passed::Skipped(SkipReason::TooLarge), 1),
    (Passed::Skipped(SkipReason::Unparsable), 2),
    (Passed::Skipped(SkipReason::Nameless), 3),
    (Passed::Skipped(SkipReason::Group), 4),
    (Passed::Filtered, 5),
];

impl Passed {
    /// Reads a stored number; `None` for one that a newer version wrote.
    pub(super) fn from_stored(reason: PassReason) -> Option<Self> {
        NUMBERS.iter().find(|(_, number)| *number == reason.0).map(|(passed, _)| *passed)
    }
}

impl From<Passed> for PassReason {
    fn from(passed: Passed) -> Self {
        let row = NUMBERS.iter().find(|(other, _)| *other == passed);
        PassReason(row.expect("every reason has its row").1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_reason_has_a_number_of_its_own() {
        let skipped = SkipReason::ALL.map(Passed::Skipped);
        let all = skipped.into_iter().chain([Passed::Filtered]);
        let stored: Vec<u8> = all
            .map(|passed| {
                let reason = PassReason::from(passed);
                assert_eq!(Passed::from_stored(reason), Some(passed));
                reason.0
            })
            .collect();
        assert_eq!(stored, [1, 2, 3, 4, 5]);
        assert_eq!(Passed::from_stored(PassReason(0)), None);
        assert_eq!(Passed::from_stored(PassReason(6)), None);
    }
}
