//! The sentences, in English, German and Swedish. `{key}` is the setting's key; `{0}` and `{1}` are
//! what the remark carries.
use super::{Note, What};
use crate::config::layer::Layer;
use crate::config::schema::Item;
use crate::ids::{Language, Platform};

pub(super) fn sentence(note: &Note, language: Language) -> String {
    let (row, values) = row(&note.what, note.layer, language);
    let mut text = language.of(row).replace("{key}", note.key.name());
    for (index, value) in values.iter().enumerate() {
        text = text.replace(&format!("{{{index}}}"), value);
    }
    text
}

/// Who set a value, as a sentence says it.
fn layer(layer: Layer, language: Language) -> String {
    let row = match layer {
        Layer::Default => ["the built-in default", "die eingebaute Vorgabe", "det inbyggda värdet"],
        Layer::Person => ["the person's choice", "die Wahl der Person", "personens val"],
        Layer::Mdm => ["the MDM", "das MDM", "MDM-systemet"],
        Layer::Server => ["the management server", "der Verwaltungsserver", "hanteringsservern"],
        Layer::Individual => [
            "the management server, for this person",
            "der Verwaltungsserver, für diese Person",
            "hanteringsservern, för den här personen",
        ],
    };
    language.of(row).to_owned()
}

fn row(what: &What, note_layer: Layer, language: Language) -> ([&'static str; 3], Vec<String>) {
    use What::*;
    let none = Vec::new;
    match what {
        TextAsBool => (
            [
                "{key} came as text and was read as yes or no. Send a boolean to be safe.",
                "{key} kam als Text an und wurde als Ja oder Nein gelesen. Senden Sie sicherheitshalber einen Wahrheitswert (Boolean).",
                "{key} kom som text och lästes som ja eller nej. Skicka helst ett booleskt värde.",
            ],
            none(),
        ),
        NumberAsBool => (
            [
                "{key} came as a number and was read as yes or no. Send a boolean to be safe.",
                "{key} kam als Zahl an und wurde als Ja oder Nein gelesen. Senden Sie sicherheitshalber einen Wahrheitswert (Boolean).",
                "{key} kom som ett tal och lästes som ja eller nej. Skicka helst ett booleskt värde.",
            ],
            none(),
        ),
        TextAsNumber => (
            [
                "{key} came as text and was read as a number. Send an integer to be safe.",
                "{key} kam als Text an und wurde als Zahl gelesen. Senden Sie sicherheitshalber eine ganze Zahl (Integer).",
                "{key} kom som text och lästes som ett tal. Skicka helst ett heltal.",
            ],
            none(),
        ),
        FloatAsNumber => (
            [
                "{key} came as a decimal number and was read as a whole number. Send an integer to be safe.",
                "{key} kam als Dezimalzahl an und wurde als ganze Zahl gelesen. Senden Sie sicherheitshalber eine ganze Zahl (Integer).",
                "{key} kom som ett decimaltal och lästes som ett heltal. Skicka helst ett heltal.",
            ],
            none(),
        ),
        LongAsNumber => (
            [
                "{key} came as a long number and was read as an integer. Nothing needs to be done.",
                "{key} kam als lange Zahl (Long) an und wurde als ganze Zahl gelesen. Es ist nichts zu tun.",
                "{key} kom som ett långt tal (Long) och lästes som ett heltal. Inget behöver göras.",
            ],
            none(),
        ),
        NumberAsText => (
            [
                "{key} came as a number and was read as text. Send text, or zeros at the front get lost.",
                "{key} kam als Zahl an und wurde als Text gelesen. Senden Sie Text, sonst gehen Nullen am Anfang verloren.",
                "{key} kom som ett tal och lästes som text. Skicka text, annars försvinner inledande nollor.",
            ],
            none(),
        ),
        OneOfAList => (
            [
                "{key} came as a list with one entry, and that entry is used. Send a single value to be safe.",
                "{key} kam als Liste mit einem Eintrag an, und dieser gilt. Senden Sie sicherheitshalber einen einzelnen Wert.",
                "{key} kom som en lista med en post, och den används. Skicka helst ett enda värde.",
            ],
            none(),
        ),
        JsonText => (
            [
                "{key} came as JSON in a text and was read as a list. Nothing needs to be done.",
                "{key} kam als JSON in einem Text an und wurde als Liste gelesen. Es ist nichts zu tun.",
                "{key} kom som JSON i en text och lästes som en lista. Inget behöver göras.",
            ],
            none(),
        ),
        OneBundle => (
            [
                "{key} came as one bundle and was read as a list of one. Nothing needs to be done.",
                "{key} kam als einzelnes Bundle an und wurde als Liste mit einem Eintrag gelesen. Es ist nichts zu tun.",
                "{key} kom som ett enda paket (bundle) och lästes som en lista med en post. Inget behöver göras.",
            ],
            none(),
        ),
        Unwrapped => (
            [
                "The entries of {key} were wrapped once more than needed and were unwrapped. Nothing needs to be done.",
                "Die Einträge von {key} waren einmal zu viel verpackt und wurden ausgepackt. Es ist nichts zu tun.",
                "Posterna i {key} var inslagna en gång för mycket och har packats upp. Inget behöver göras.",
            ],
            none(),
        ),
        Trimmed => (
            [
                "{key} had blanks before or after it, which were removed. Delete them in the console.",
                "{key} hatte Leerzeichen davor oder dahinter; sie wurden entfernt. Löschen Sie sie in der Konsole.",
                "{key} hade blanksteg före eller efter, som togs bort. Ta bort dem i konsolen.",
            ],
            none(),
        ),
        Composed => (
            [
                "{key} had accents written as separate characters, which were joined. Nothing needs to be done.",
                "{key} enthielt Akzente als eigene Zeichen; sie wurden zusammengesetzt. Es ist nichts zu tun.",
                "{key} hade accenter som egna tecken, som sattes ihop. Inget behöver göras.",
            ],
            none(),
        ),
        Spelling { word } => (
            [
                "{key} was spelled differently and was read as “{0}”. Write it exactly so.",
                "{key} war anders geschrieben und wurde als „{0}“ gelesen. Schreiben Sie es genau so.",
                "{key} var stavat annorlunda och lästes som ”{0}”. Skriv det exakt så.",
            ],
            vec![(*word).to_owned()],
        ),
        HostOfUrl => (
            [
                "{key} holds a whole address where the host name is enough; the host name is used. Nothing needs to be done.",
                "{key} enthält eine ganze Adresse, wo der Servername genügt; der Servername gilt. Es ist nichts zu tun.",
                "{key} innehåller en hel adress där servernamnet räcker; servernamnet används. Inget behöver göras.",
            ],
            none(),
        ),
        FromAlias { alias } => (
            [
                "{key} was taken from “{0}”, the name that another product uses. Nothing needs to be done.",
                "{key} wurde aus „{0}“ übernommen, dem Namen in einem anderen Produkt. Es ist nichts zu tun.",
                "{key} togs från ”{0}”, namnet i en annan produkt. Inget behöver göras.",
            ],
            vec![(*alias).to_owned()],
        ),
        AliasIgnored { alias } => (
            [
                "{key} is set, and so “{0}”, which means the same, is not used. Remove “{0}”.",
                "{key} ist gesetzt, deshalb gilt „{0}“, das dasselbe bedeutet, nicht. Entfernen Sie „{0}“.",
                "{key} är satt, så ”{0}”, som betyder samma sak, används inte. Ta bort ”{0}”.",
            ],
            vec![(*alias).to_owned()],
        ),
        NotABool => (
            [
                "{key} must be true or false. Correct the value in the console.",
                "{key} muss true (ja) oder false (nein) sein. Berichtigen Sie den Wert in der Konsole.",
                "{key} måste vara true (ja) eller false (nej). Rätta värdet i konsolen.",
            ],
            none(),
        ),
        NotANumber => (
            [
                "{key} must be a whole number. Correct the value in the console.",
                "{key} muss eine ganze Zahl sein. Berichtigen Sie den Wert in der Konsole.",
                "{key} måste vara ett heltal. Rätta värdet i konsolen.",
            ],
            none(),
        ),
        NotWhole => (
            [
                "{key} must not be a number with a fraction, because digits can get lost. Correct the value in the console.",
                "{key} darf keine Zahl mit Nachkommastellen sein, weil Ziffern verloren gehen können. Berichtigen Sie den Wert in der Konsole.",
                "{key} får inte vara ett tal med decimaler, eftersom siffror kan gå förlorade. Rätta värdet i konsolen.",
            ],
            none(),
        ),
        OutOfRange { min, max } => (
            [
                "{key} must be between {0} and {1}. Correct the value in the console.",
                "{key} muss zwischen {0} und {1} liegen. Berichtigen Sie den Wert in der Konsole.",
                "{key} måste ligga mellan {0} och {1}. Rätta värdet i konsolen.",
            ],
            vec![min.to_string(), max.to_string()],
        ),
        TooLong { max } => (
            [
                "{key} is too long; at most {0} characters are allowed. Shorten the value in the console.",
                "{key} ist zu lang; höchstens {0} Zeichen sind erlaubt. Kürzen Sie den Wert in der Konsole.",
                "{key} är för långt; högst {0} tecken är tillåtna. Korta värdet i konsolen.",
            ],
            vec![max.to_string()],
        ),
        ControlCharacters => (
            [
                "{key} contains line breaks or invisible characters. Type the value anew in the console.",
                "{key} enthält Zeilenumbrüche oder unsichtbare Zeichen. Tippen Sie den Wert in der Konsole neu ein.",
                "{key} innehåller radbrytningar eller osynliga tecken. Skriv in värdet på nytt i konsolen.",
            ],
            none(),
        ),
        NotAChoice { words } => (
            [
                "{key} must be one of: {0}. Correct the value in the console.",
                "{key} muss einer dieser Werte sein: {0}. Berichtigen Sie den Wert in der Konsole.",
                "{key} måste vara ett av: {0}. Rätta värdet i konsolen.",
            ],
            vec![words.join(", ")],
        ),
        NotAVersion => (
            [
                "{key} must be a version such as 14 or 17.4.1. Correct the value in the console.",
                "{key} muss eine Version wie 14 oder 17.4.1 sein. Berichtigen Sie den Wert in der Konsole.",
                "{key} måste vara en version som 14 eller 17.4.1. Rätta värdet i konsolen.",
            ],
            none(),
        ),
        NotARegion => (
            [
                "{key} must be a country code of two letters, such as DE or SE. Correct the value in the console.",
                "{key} muss ein Ländercode aus zwei Buchstaben sein, etwa DE oder SE. Berichtigen Sie den Wert in der Konsole.",
                "{key} måste vara en landskod med två bokstäver, till exempel DE eller SE. Rätta värdet i konsolen.",
            ],
            none(),
        ),
        NotAUrl => (
            [
                "{key} must be a full address that begins with https://. Correct the value in the console.",
                "{key} muss eine vollständige Adresse sein, die mit https:// beginnt. Berichtigen Sie den Wert in der Konsole.",
                "{key} måste vara en fullständig adress som börjar med https://. Rätta värdet i konsolen.",
            ],
            none(),
        ),
        NotHttps => (
            [
                "{key} must begin with https://, or what is sent could be read on the way. Correct the value in the console.",
                "{key} muss mit https:// beginnen, sonst kann unterwegs mitgelesen werden. Berichtigen Sie den Wert in der Konsole.",
                "{key} måste börja med https://, annars kan innehållet läsas på vägen. Rätta värdet i konsolen.",
            ],
            none(),
        ),
        CredentialsInUrl => (
            [
                "{key} must not contain a user name or password. Put them into their own settings.",
                "{key} darf weder Benutzernamen noch Passwort enthalten. Tragen Sie beides in die eigenen Einstellungen dafür ein.",
                "{key} får inte innehålla användarnamn eller lösenord. Lägg dem i sina egna inställningar.",
            ],
            none(),
        ),
        NotAnEmail => (
            [
                "{key} must be an e-mail address. Correct the value in the console.",
                "{key} muss eine E-Mail-Adresse sein. Berichtigen Sie den Wert in der Konsole.",
                "{key} måste vara en e-postadress. Rätta värdet i konsolen.",
            ],
            none(),
        ),
        WrongType => (
            [
                "{key} has a type that can't be used here. Look up its type in the reference and correct it in the console.",
                "{key} hat einen Typ, der hier nicht geht. Sehen Sie in der Referenz nach und berichtigen Sie ihn in der Konsole.",
                "{key} har en typ som inte kan användas här. Se efter i referensen och rätta den i konsolen.",
            ],
            none(),
        ),
        BadItems { count, item } => (
            [
                "{0} of the entries of {key} can't be used; each must look like {1}. Correct them in the console.",
                "{0} der Einträge von {key} sind nicht brauchbar; jeder muss aussehen wie {1}. Berichtigen Sie sie in der Konsole.",
                "{0} av posterna i {key} kan inte användas; var och en ska se ut som {1}. Rätta dem i konsolen.",
            ],
            vec![count.to_string(), form(*item)],
        ),
        TooManyItems { max } => (
            [
                "{key} has too many entries; at most {0} are allowed. Shorten the list in the console.",
                "{key} hat zu viele Einträge; höchstens {0} sind erlaubt. Kürzen Sie die Liste in der Konsole.",
                "{key} har för många poster; högst {0} är tillåtna. Korta listan i konsolen.",
            ],
            vec![max.to_string()],
        ),
        BadSource { number, field } => (
            [
                "In {key}, {1} of entry {0} is missing or can't be used. Correct it in the console.",
                "In {key} fehlt {1} in Eintrag {0} oder ist nicht brauchbar. Berichtigen Sie das in der Konsole.",
                "I {key} saknas {1} i post {0} eller kan inte användas. Rätta det i konsolen.",
            ],
            vec![number.to_string(), (*field).to_owned()],
        ),
        Unexpanded { vendor, token } => (
            [
                "{key} still holds the placeholder {0} ({1}), which was not filled in. Check that this console knows it and that the person or device has such a value.",
                "{key} enthält noch den Platzhalter {0} ({1}), der nicht ausgefüllt wurde. Prüfen Sie, ob diese Konsole ihn kennt und ob es für die Person oder das Gerät einen Wert gibt.",
                "{key} innehåller fortfarande platshållaren {0} ({1}), som inte fylldes i. Kontrollera att konsolen känner till den och att personen eller enheten har ett sådant värde.",
            ],
            vec![token.clone(), (*vendor).to_owned()],
        ),
        SecretLooksUnexpanded { vendor } => (
            [
                "{key} looks like a placeholder of {0} that was not filled in. It is used as it is; check it if signing in fails.",
                "{key} sieht aus wie ein nicht ausgefüllter Platzhalter von {0}. Der Wert gilt trotzdem; prüfen Sie ihn, falls die Anmeldung scheitert.",
                "{key} ser ut som en platshållare från {0} som inte fylldes i. Värdet används ändå; kontrollera det om inloggningen misslyckas.",
            ],
            vec![(*vendor).to_owned()],
        ),
        Empty => (
            [
                "{key} is empty: probably a placeholder that had no value. Fill in the value, or remove the key.",
                "{key} ist leer: vermutlich ein Platzhalter ohne Wert. Tragen Sie den Wert ein oder entfernen Sie den Schlüssel.",
                "{key} är tomt: troligen en platshållare utan värde. Fyll i värdet eller ta bort nyckeln.",
            ],
            none(),
        ),
        KeptLastGood => (
            [
                "For {key} the last good value stays in force until this is corrected.",
                "Für {key} gilt der letzte brauchbare Wert, bis das berichtigt ist.",
                "För {key} gäller det senaste giltiga värdet tills detta är rättat.",
            ],
            none(),
        ),
        TookStrict => (
            [
                "For {key} the strict value is in force until this is corrected.",
                "Für {key} gilt der strenge Wert, bis das berichtigt ist.",
                "För {key} gäller det stränga värdet tills detta är rättat.",
            ],
            none(),
        ),
        UsedBelow => (
            [
                "For {key} the next best value is in force until this is corrected, as if this one had not been set.",
                "Für {key} gilt der nächste verfügbare Wert, bis das berichtigt ist, als wäre dieser nicht gesetzt.",
                "För {key} gäller det närmast tillgängliga värdet tills detta är rättat, som om detta inte var satt.",
            ],
            none(),
        ),
        OnlyWarns => (
            [
                "Until {key} is corrected, its rule only warns.",
                "Bis {key} berichtigt ist, warnt diese Vorgabe nur.",
                "Tills {key} är rättat varnar regeln bara.",
            ],
            none(),
        ),
        NotFromHere => (
            [
                "{key} can't be set by {0}, and so this value is not used. Set it in the MDM.",
                "{key} kann nicht gesetzt werden durch: {0}. Dieser Wert gilt daher nicht. Setzen Sie ihn im MDM.",
                "{key} kan inte sättas av {0}, så det här värdet används inte. Sätt det i MDM-systemet.",
            ],
            vec![layer(note_layer, language)],
        ),
        LooserIgnored => (
            [
                "The management server may only tighten {key}, and its value is looser than the MDM's. The MDM's stays; change it there.",
                "Der Verwaltungsserver darf {key} nur verschärfen, sein Wert ist aber lockerer als der des MDM. Der Wert des MDM bleibt; ändern Sie ihn dort.",
                "Hanteringsservern får bara skärpa {key}, och dess värde är mildare än MDM-systemets. MDM-systemets värde ligger kvar; ändra det där.",
            ],
            none(),
        ),
        UnsetIgnored => (
            [
                "The management server can't unset {key}. Remove it in the MDM.",
                "Der Verwaltungsserver kann {key} nicht aufheben. Entfernen Sie es im MDM.",
                "Hanteringsservern kan inte ta bort {key}. Ta bort det i MDM-systemet.",
            ],
            none(),
        ),
        LargerIgnored => (
            [
                "For {key} the smaller of the MDM's and the management server's value wins, here the MDM's. Nothing needs to be done.",
                "Für {key} gilt der kleinere Wert von MDM und Verwaltungsserver, hier der des MDM. Es ist nichts zu tun.",
                "För {key} gäller det minsta av MDM-systemets och hanteringsserverns värde, här MDM-systemets. Inget behöver göras.",
            ],
            none(),
        ),
        OverriddenBy(winner) => (
            [
                "{key} is also set by {0}, which wins. This value comes back when that one goes.",
                "{key} ist auch gesetzt durch: {0}. Das hat Vorrang. Dieser Wert gilt wieder, sobald der andere wegfällt.",
                "{key} är också satt av {0}, som går före. Det här värdet gäller igen när det andra tas bort.",
            ],
            vec![layer(*winner, language)],
        ),
        UnsetBy(winner) => (
            [
                "{key} was unset by {0}. This value comes back when that ends.",
                "{key} wurde aufgehoben durch: {0}. Dieser Wert gilt wieder, sobald das endet.",
                "{key} har tagits bort av {0}. Det här värdet gäller igen när det upphör.",
            ],
            vec![layer(*winner, language)],
        ),
        SeveralAdmins => (
            [
                "Several admins of this phone set {key} differently. Where it restricts, the strictest value wins, otherwise the first. Set it in one place.",
                "Mehrere Administratoren dieses Geräts setzen {key} verschieden. Bei Einschränkungen gilt der strengste Wert, sonst der erste. Setzen Sie es nur an einer Stelle.",
                "Flera administratörer av enheten sätter {key} olika. För begränsningar gäller det strängaste värdet, annars det första. Sätt det bara på ett ställe.",
            ],
            none(),
        ),
        ManagedAppWins => (
            [
                "{key} came through both Apple channels; the one of the ManagedApp framework is used. Set it in one place.",
                "{key} kam über beide Kanäle von Apple; es gilt der des ManagedApp-Frameworks. Setzen Sie es nur an einer Stelle.",
                "{key} kom genom båda Apples kanaler; den från ramverket ManagedApp används. Sätt det bara på ett ställe.",
            ],
            none(),
        ),
        OtherPlatform(platform) => (
            [
                "{key} has no effect on {0}. Nothing needs to be done.",
                "{key} hat auf {0} keine Wirkung. Es ist nichts zu tun.",
                "{key} har ingen verkan på {0}. Inget behöver göras.",
            ],
            vec![
                match platform {
                    Platform::Android => "Android",
                    Platform::Ios => "iOS",
                }
                .to_owned(),
            ],
        ),
        Planned => (
            [
                "This version of the app does not use {key} yet. You can leave it set: a later version will use it.",
                "Diese Version der App nutzt {key} noch nicht. Sie können die Einstellung stehen lassen: Eine spätere Version wird sie nutzen.",
                "Den här versionen av appen använder inte {key} ännu. Ni kan låta inställningen stå kvar: en senare version kommer att använda den.",
            ],
            none(),
        ),
        PlannedValue { word } => (
            [
                "This version of the app does not use the value “{0}” of {key} yet. You can leave it set: a later version will use it.",
                "Diese Version der App nutzt den Wert „{0}“ von {key} noch nicht. Sie können ihn stehen lassen: Eine spätere Version wird ihn nutzen.",
                "Den här versionen av appen använder inte värdet ”{0}” för {key} ännu. Ni kan låta det stå kvar: en senare version kommer att använda det.",
            ],
            vec![(*word).to_owned()],
        ),
    }
}

fn form(item: Item) -> String {
    item.form().to_owned()
}
