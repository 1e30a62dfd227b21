//! Activation and support.

texts! {
    ServerUrl:
        "Server address" | "Serveradresse" | "Serveradress"
        => "Address of your Muster management server. Leave it empty if you only use an MDM and a CardDAV server."
        | "Adresse Ihres Muster-Verwaltungsservers. Leer lassen, wenn Sie nur ein MDM und einen CardDAV-Server nutzen."
        | "Adress till er Muster-hanteringsserver. Lämna tomt om ni bara använder ett MDM-system och en CardDAV-server.";
    Email:
        "E-mail address" | "E-Mail-Adresse" | "E-postadress"
        => "E-mail address of the person who uses the phone, usually by a placeholder of your console."
        | "E-Mail-Adresse der Person, die das Gerät nutzt, meist über einen Platzhalter Ihrer Konsole."
        | "E-postadress till personen som använder telefonen, oftast genom en platshållare i er konsol.";
    CompanyPasscode:
        "Organisation passcode" | "Passcode der Organisation" | "Organisationens lösenkod"
        => "The passcode of your organisation. Together with the e-mail address it activates the phone without typing."
        | "Der Passcode Ihrer Organisation. Zusammen mit der E-Mail-Adresse aktiviert er das Gerät ohne Tippen."
        | "Organisationens lösenkod. Tillsammans med e-postadressen aktiverar den telefonen utan inmatning.";
    LicenseUsername:
        "Licence user name" | "Lizenz-Benutzername" | "Licensens användarnamn"
        => "User name of the licence, one for each person or one that all share."
        | "Benutzername der Lizenz, einer je Person oder einer für alle."
        | "Licensens användarnamn, ett per person eller ett som alla delar.";
    LicensePassword:
        "Licence password" | "Lizenz-Passwort" | "Licensens lösenord"
        => "Password of the licence. A changed one is tried first and replaces the old one only if it works."
        | "Passwort der Lizenz. Ein geändertes wird erst ausprobiert und ersetzt das alte nur, wenn es funktioniert."
        | "Licensens lösenord. Ett ändrat lösenord prövas först och ersätter det gamla bara om det fungerar.";
    ActivationCode:
        "Activation code" | "Aktivierungscode" | "Aktiveringskod"
        => "A single-use code that activates exactly one phone. For consoles that can send a different value to each device."
        | "Ein einmaliger Code, der genau ein Gerät aktiviert. Für Konsolen, die je Gerät einen eigenen Wert senden können."
        | "En engångskod som aktiverar exakt en telefon. För konsoler som kan skicka olika värden till varje enhet.";
    OrganizationCode:
        "Organisation code" | "Code der Organisation" | "Organisationskod"
        => "The public code of your organisation, if your server allows activation by it."
        | "Der öffentliche Code Ihrer Organisation, wenn Ihr Server die Aktivierung damit erlaubt."
        | "Organisationens offentliga kod, om er server tillåter aktivering med den.";
    AllowedServers:
        "Allowed servers" | "Erlaubte Server" | "Tillåtna servrar"
        => "The only servers that the phone may be activated with, host names separated by commas. Without it, the host of the server address is the only one."
        | "Die einzigen Server, mit denen das Gerät aktiviert werden darf, Servernamen durch Kommas getrennt. Ohne Angabe ist nur der Server aus der Serveradresse erlaubt."
        | "De enda servrar som telefonen får aktiveras med, servernamn åtskilda av komman. Utan uppgift är bara servern i serveradressen tillåten.";
    PolicyKeyThumbprints:
        "Trusted policy keys" | "Vertraute Richtlinienschlüssel" | "Betrodda policynycklar"
        => "Thumbprints of the keys that sign your server's policy, separated by commas. List the next key before you start to use it."
        | "Fingerabdrücke der Schlüssel, die die Richtlinie Ihres Servers signieren, durch Kommas getrennt. Tragen Sie den nächsten Schlüssel ein, bevor Sie ihn verwenden."
        | "Fingeravtryck för nycklarna som signerar serverns policy, åtskilda av komman. Lägg till nästa nyckel innan ni börjar använda den.";
    AutoActivate:
        "Activate by itself" | "Selbst aktivieren" | "Aktivera automatiskt"
        => "Activate at the first start without asking. If off, the person taps once to confirm."
        | "Beim ersten Start ohne Rückfrage aktivieren. Wenn aus, bestätigt die Person mit einem Tippen."
        | "Aktivera vid första starten utan att fråga. Om av bekräftar personen med ett tryck.";
    SkipSetupWizard:
        "Skip the introduction" | "Einführung überspringen" | "Hoppa över introduktionen"
        => "Go straight to the contacts at the first start, without the introduction."
        | "Beim ersten Start ohne Einführung direkt zu den Kontakten gehen."
        | "Gå direkt till kontakterna vid första starten, utan introduktion.";
    AllowSignOut:
        "Allow signing out" | "Abmelden erlauben" | "Tillåt utloggning"
        => "Let the person sign out of the organisation in the app."
        | "Die Person darf sich in der App von der Organisation abmelden."
        | "Låt personen logga ut från organisationen i appen.";

    SupportEmail:
        "Support e-mail" | "E-Mail der Hilfe" | "Supportens e-post"
        => "Shown where people can ask for help."
        | "Wird angezeigt, wo Personen um Hilfe bitten können."
        | "Visas där man kan be om hjälp.";
    SupportPhone:
        "Support phone number" | "Telefonnummer der Hilfe" | "Supportens telefonnummer"
        => "Shown where people can ask for help, also when the phone is locked as lost."
        | "Wird angezeigt, wo Personen um Hilfe bitten können, auch wenn das Gerät als verloren gesperrt ist."
        | "Visas där man kan be om hjälp, även när telefonen är låst som borttappad.";
    SupportUrl:
        "Support page" | "Hilfeseite" | "Supportsida"
        => "A page with help for your people."
        | "Eine Seite mit Hilfe für Ihre Leute."
        | "En sida med hjälp för era användare.";
    PrivacyUrl:
        "Privacy notice" | "Datenschutzhinweis" | "Integritetspolicy"
        => "A page that says how your organisation treats personal data."
        | "Eine Seite, auf der steht, wie Ihre Organisation mit persönlichen Daten umgeht."
        | "En sida som berättar hur er organisation behandlar personuppgifter.";
}
