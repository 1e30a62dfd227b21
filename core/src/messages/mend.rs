//! What stands on the button that mends a finding.
use crate::compliance::Mend;
use crate::ids::Language;

impl Mend {
    /// What stands on the button.
    #[rustfmt::skip]
    pub fn label(self, language: Language) -> &'static str {
        language.of(match self {
            Mend::OpenSecuritySettings => ["Open security settings", "Sicherheitseinstellungen öffnen", "Öppna säkerhetsinställningar"],
            Mend::OpenSystemUpdate => ["Update the system", "System aktualisieren", "Uppdatera systemet"],
            Mend::OpenAppStore => ["Update the app", "App aktualisieren", "Uppdatera appen"],
            Mend::OpenEncryption => ["Open encryption settings", "Verschlüsselung öffnen", "Öppna krypteringsinställningar"],
            Mend::OpenDeveloperOptions => ["Open developer options", "Entwickleroptionen öffnen", "Öppna utvecklaralternativ"],
            Mend::OpenBatterySettings => ["Open battery settings", "Akku-Einstellungen öffnen", "Öppna batteriinställningar"],
            Mend::OpenCallSettings => ["Open call settings", "Anruf-Einstellungen öffnen", "Öppna samtalsinställningar"],
            Mend::OpenBackgroundRefresh => ["Open background settings", "Hintergrundaktualisierung öffnen", "Öppna bakgrundsinställningar"],
            Mend::OpenNetworkSettings => ["Open network settings", "Netzwerkeinstellungen öffnen", "Öppna nätverksinställningar"],
            Mend::OpenAppPermissions => ["Open app permissions", "App-Berechtigungen öffnen", "Öppna appens behörigheter"],
            Mend::SignInAgain => ["Sign in again", "Erneut anmelden", "Logga in igen"],
            Mend::ContactSupport => ["Contact support", "Support kontaktieren", "Kontakta supporten"],
            Mend::CheckConfiguration => ["Ask your IT support to check it", "IT-Support um Prüfung bitten", "Be IT-supporten kontrollera"],
        })
    }
}
