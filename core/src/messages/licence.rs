//! Phases and holds of the licence in words.
use super::Text;
use crate::ids::Language;
use crate::licence::{Hold, Phase};

/// What phase the licence is in, and what to do next.
pub fn phase_words(phase: Phase, language: Language) -> Text {
    #[rustfmt::skip]
    let (text, next) = match phase {
        Phase::NotRequired => (
            ["Set up by your organisation.", "Von Ihrer Organisation eingerichtet.", "Inställd av din organisation."],
            ["There is nothing to do.", "Es ist nichts zu tun.", "Det finns inget att göra."]),
        Phase::Unlicensed => (
            ["The app is not set up yet.", "Die App ist noch nicht eingerichtet.", "Appen är inte inställd ännu."],
            ["Open the activation link, or sign in with what your organisation gave you.",
             "Öffnen Sie den Aktivierungslink, oder melden Sie sich mit den Angaben Ihrer Organisation an.",
             "Öppna aktiveringslänken eller logga in med uppgifterna från din organisation."]),
        Phase::Activating => (
            ["The app is being set up.", "Die App wird eingerichtet.", "Appen ställs in."],
            ["It takes a moment.", "Einen Moment bitte.", "Det tar en stund."]),
        Phase::Active => (
            ["The app is ready.", "Die App ist bereit.", "Appen är klar."],
            ["There is nothing to do.", "Es ist nichts zu tun.", "Det finns inget att göra."]),
        Phase::Reauthenticate => (
            ["You have to sign in again.", "Sie müssen sich erneut anmelden.", "Du måste logga in igen."],
            ["Sign in. Your contacts stay here meanwhile.",
             "Melden Sie sich an. Ihre Kontakte bleiben so lange da.",
             "Logga in. Dina kontakter finns kvar under tiden."]),
        Phase::Erasing => (
            ["The organisation's data is being removed.", "Die Daten der Organisation werden entfernt.", "Organisationens data tas bort."],
            ["It takes a moment.", "Einen Moment bitte.", "Det tar en stund."]),
        Phase::Erased => (
            ["The organisation's data was removed from this phone.",
             "Die Daten der Organisation wurden von diesem Telefon entfernt.",
             "Organisationens data har tagits bort från den här telefonen."],
            ["If you may use it again, sign in by hand or ask your IT support.",
             "Wenn Sie es wieder benutzen dürfen, melden Sie sich selbst an, oder fragen Sie den IT-Support.",
             "Om du får använda den igen, logga in själv eller fråga IT-supporten."]),
    };
    Text { text: language.of(text).to_owned(), next: language.of(next).to_owned() }
}

/// Why the contacts are hidden, and what brings them back.
pub fn hold_words(hold: Hold, language: Language) -> Text {
    #[rustfmt::skip]
    let (text, next) = match hold {
        Hold::Offline => (
            ["The contacts are hidden, because the server has not been reached for a long time.",
             "Die Kontakte sind verborgen, weil der Server lange nicht erreicht wurde.",
             "Kontakterna är dolda eftersom servern inte har nåtts på länge."],
            ["Connect the phone. They are back at once.",
             "Verbinden Sie das Telefon. Sie sind sofort wieder da.",
             "Anslut telefonen. De är tillbaka direkt."]),
        Hold::Lost => (
            ["Your organisation has locked this phone as lost.",
             "Ihre Organisation hat dieses Telefon als verloren gesperrt.",
             "Din organisation har låst den här telefonen som förlorad."],
            ["If you have found it, or it was never lost, contact the support.",
             "Wenn Sie es gefunden haben oder es nie verloren war, wenden Sie sich an den Support.",
             "Om du har hittat den, eller om den aldrig var borta, kontakta supporten."]),
        Hold::Rule => (
            ["The contacts are hidden, because the phone does not meet a rule of your organisation.",
             "Die Kontakte sind verborgen, weil das Telefon eine Regel Ihrer Organisation nicht erfüllt.",
             "Kontakterna är dolda eftersom telefonen inte uppfyller en regel från din organisation."],
            ["Do what the app lists under To do. They are back at once.",
             "Tun Sie, was die App unter „Zu erledigen“ zeigt. Sie sind sofort wieder da.",
             "Åtgärda det som appen visar under Att åtgärda. De är tillbaka direkt."]),
        Hold::Expired => (
            ["The contacts are hidden, because your organisation's licence has ended.",
             "Die Kontakte sind verborgen, weil die Lizenz Ihrer Organisation abgelaufen ist.",
             "Kontakterna är dolda eftersom din organisations licens har gått ut."],
            ["Contact your IT support.",
             "Wenden Sie sich an den IT-Support.",
             "Kontakta IT-supporten."]),
        Hold::NoPolicy => (
            ["Your organisation's rules have not arrived yet.",
             "Die Regeln Ihrer Organisation sind noch nicht angekommen.",
             "Din organisations regler har inte kommit än."],
            ["Stay connected for a moment. It goes on by itself.",
             "Bleiben Sie einen Moment verbunden. Es geht von selbst weiter.",
             "Håll telefonen ansluten en stund. Det fortsätter automatiskt."]),
    };
    Text { text: language.of(text).to_owned(), next: language.of(next).to_owned() }
}
