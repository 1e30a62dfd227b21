//! Signals in words: what a signal is called, and what is said when it is not as a rule demands.
use crate::compliance::SignalKind;

/// The words for one signal, each `[en, de, sv]`.
pub(super) struct SignalWords {
    /// Its name in the middle of a sentence.
    pub(super) name: [&'static str; 3],
    /// One line for when it is not as a rule demands.
    pub(super) title: [&'static str; 3],
    /// What is wrong and what to do, with the placeholders `{required}` and `{actual}`.
    pub(super) explanation: [&'static str; 3],
}

macro_rules! words {
    ($($kind:ident $name:tt $title:tt $explanation:tt)*) => {
        /// The words for `signal`.
        pub(super) fn signal_words(signal: SignalKind) -> SignalWords {
            match signal {
                $(SignalKind::$kind => {
                    SignalWords { name: $name, title: $title, explanation: $explanation }
                })*
            }
        }
    };
}

// Name, title, explanation. A signal without words does not compile.
words! {
    ScreenLock
        ["screen lock", "Bildschirmsperre", "skärmlås"]
        ["No screen lock",
         "Keine Bildschirmsperre",
         "Inget skärmlås"]
        ["Anybody who picks up this phone can read what is on it. Set a screen lock with a code, PIN or password.",
         "Wer dieses Telefon in die Hand nimmt, kann alles darauf lesen. Richten Sie eine Bildschirmsperre mit Code, PIN oder Passwort ein.",
         "Den som tar upp telefonen kan läsa allt på den. Ställ in ett skärmlås med kod, PIN eller lösenord."]
    PasswordComplexity
        ["strength of the screen lock", "Stärke der Bildschirmsperre", "skärmlåsets styrka"]
        ["The screen lock is too simple",
         "Die Bildschirmsperre ist zu einfach",
         "Skärmlåset är för enkelt"]
        ["It is too easy to guess. Choose {required}.",
         "Sie ist zu leicht zu erraten. Wählen Sie {required}.",
         "Det är för lätt att gissa. Välj {required}."]
    OsVersion
        ["system version", "Systemversion", "systemversion"]
        ["The phone's system is too old",
         "Das System des Telefons ist zu alt",
         "Telefonens system är för gammalt"]
        ["This phone has version {actual}; your organisation requires at least {required}. Install the system update.",
         "Dieses Telefon hat Version {actual}; Ihre Organisation verlangt mindestens {required}. Installieren Sie das Systemupdate.",
         "Den här telefonen har version {actual}; din organisation kräver minst {required}. Installera systemuppdateringen."]
    SecurityPatch
        ["security updates", "Sicherheitsupdates", "säkerhetsuppdateringar"]
        ["Security updates are missing",
         "Sicherheitsupdates fehlen",
         "Säkerhetsuppdateringar saknas"]
        ["The last security update is from {actual}; {required}. Install the system update.",
         "Das letzte Sicherheitsupdate ist vom {actual}; {required}. Installieren Sie das Systemupdate.",
         "Den senaste säkerhetsuppdateringen är från {actual}; {required}. Installera systemuppdateringen."]
    StorageEncryption
        ["encryption", "Verschlüsselung", "kryptering"]
        ["The phone is not encrypted",
         "Das Telefon ist nicht verschlüsselt",
         "Telefonen är inte krypterad"]
        ["Somebody who finds it could read its storage. Set a screen lock and turn encryption on.",
         "Wer es findet, könnte seinen Speicher auslesen. Richten Sie eine Bildschirmsperre ein und schalten Sie die Verschlüsselung ein.",
         "Den som hittar den kan läsa lagringen. Ställ in ett skärmlås och slå på kryptering."]
    DeveloperOptions
        ["developer options", "Entwickleroptionen", "utvecklaralternativ"]
        ["Developer options are on",
         "Entwickleroptionen sind an",
         "Utvecklaralternativen är på"]
        ["They make it easier to get at data on the phone. Turn them off.",
         "Damit kommt man leichter an die Daten auf dem Telefon. Schalten Sie sie aus.",
         "De gör det lättare att komma åt data på telefonen. Stäng av dem."]
    Adb
        ["USB debugging", "USB-Debugging", "USB-felsökning"]
        ["Debugging is on",
         "Debugging ist an",
         "Felsökning är på"]
        ["A computer on the cable could read data from the phone. Turn USB debugging off in the developer options.",
         "Ein Computer am Kabel könnte Daten vom Telefon lesen. Schalten Sie USB-Debugging in den Entwickleroptionen aus.",
         "En dator i kabeln kan läsa data från telefonen. Stäng av USB-felsökning i utvecklaralternativen."]
    WorkProfile
        ["work profile", "Arbeitsprofil", "jobbprofil"]
        ["The app is not in the work profile",
         "Die App ist nicht im Arbeitsprofil",
         "Appen är inte i jobbprofilen"]
        ["Your organisation wants work data kept apart from private data. Ask your IT support to set up the work profile.",
         "Ihre Organisation möchte berufliche und private Daten trennen. Bitten Sie den IT-Support, das Arbeitsprofil einzurichten.",
         "Din organisation vill hålla jobbdata åtskilda från privata data. Be IT-supporten ställa in jobbprofilen."]
    OrganizationOwned
        ["owner of the phone", "Eigentümer des Telefons", "telefonens ägare"]
        ["This is not a phone of your organisation",
         "Dies ist kein Telefon Ihrer Organisation",
         "Det här är inte en telefon från din organisation"]
        ["Use the phone that your organisation gave you, or contact your IT support.",
         "Benutzen Sie das Telefon Ihrer Organisation, oder wenden Sie sich an den IT-Support.",
         "Använd telefonen som din organisation har gett dig, eller kontakta IT-supporten."]
    AppVersion
        ["app version", "App-Version", "appversion"]
        ["This app is too old",
         "Diese App ist zu alt",
         "Den här appen är för gammal"]
        ["You have version {actual}; your organisation requires at least {required}. Update the app.",
         "Sie haben Version {actual}; Ihre Organisation verlangt mindestens {required}. Aktualisieren Sie die App.",
         "Du har version {actual}; din organisation kräver minst {required}. Uppdatera appen."]
    BackgroundAllowed
        ["work in the background", "Arbeit im Hintergrund", "arbete i bakgrunden"]
        ["The app may not work in the background",
         "Die App darf nicht im Hintergrund arbeiten",
         "Appen får inte arbeta i bakgrunden"]
        ["Contacts get old and callers are not named. Take the battery restriction off this app.",
         "Kontakte veralten und Anrufer werden nicht benannt. Nehmen Sie die Akku-Beschränkung von dieser App.",
         "Kontakter blir gamla och den som ringer visas inte med namn. Ta bort batteribegränsningen för appen."]
    BackgroundAppRefresh
        ["background refresh", "Hintergrundaktualisierung", "bakgrundsuppdatering"]
        ["Background refresh is off",
         "Die Hintergrundaktualisierung ist aus",
         "Bakgrundsuppdatering är av"]
        ["Contacts are only fresh after you open the app. Turn background refresh on for this app.",
         "Kontakte sind erst aktuell, wenn Sie die App öffnen. Schalten Sie die Hintergrundaktualisierung für diese App ein.",
         "Kontakterna är aktuella först när du öppnar appen. Slå på bakgrundsuppdatering för appen."]
    CallerIdEnabled
        ["caller identification", "Anruferkennung", "nummervisning"]
        ["Callers are not named",
         "Anrufer werden nicht benannt",
         "Den som ringer visas inte med namn"]
        ["Turn this app on in the phone's settings for caller identification.",
         "Schalten Sie diese App in den Telefon-Einstellungen zur Anruferkennung ein.",
         "Slå på den här appen i telefonens inställningar för nummervisning."]
    Integrity
        ["signs of tampering", "Anzeichen von Veränderung", "tecken på manipulation"]
        ["The phone may have been tampered with",
         "Das Telefon wurde vielleicht verändert",
         "Telefonen kan ha manipulerats"]
        ["There are signs that protections of the system were removed. Ask your IT support to have a look.",
         "Es gibt Anzeichen, dass Schutzfunktionen des Systems entfernt wurden. Bitten Sie den IT-Support, es sich anzusehen.",
         "Det finns tecken på att systemets skydd har tagits bort. Be IT-supporten titta på den."]
}
