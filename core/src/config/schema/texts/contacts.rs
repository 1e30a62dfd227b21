//! Contacts.

texts! {
    ContactsMode:
        "Where contacts appear" | "Wo Kontakte erscheinen" | "Var kontakter visas"
        => "off: no contacts. in_app: only in the app. directory: also for the phone's dialler and mail apps, without a copy. device_contacts: copied into the phone's contacts, where other apps can read them."
        | "off: keine Kontakte. in_app: nur in der App. directory: auch für Telefon- und E-Mail-App, ohne Kopie. device_contacts: in die Kontakte des Geräts kopiert, wo andere Apps sie lesen können."
        | "off: inga kontakter. in_app: bara i appen. directory: även för telefon- och e-postappar, utan kopia. device_contacts: kopieras till telefonens kontakter, där andra appar kan läsa dem.";
    ContactsFilter:
        "Which contacts" | "Welche Kontakte" | "Vilka kontakter"
        => "Only contacts of these categories or departments, separated by commas: category:NAME or department:NAME. With ! before it, such contacts are left out. Nothing else is stored on the phone."
        | "Nur Kontakte dieser Kategorien oder Abteilungen, durch Kommas getrennt: category:NAME oder department:NAME. Mit ! davor werden solche Kontakte weggelassen. Anderes wird nicht auf dem Gerät gespeichert."
        | "Bara kontakter i dessa kategorier eller avdelningar, åtskilda av komman: category:NAMN eller department:NAMN. Med ! framför utelämnas sådana kontakter. Inget annat lagras på telefonen.";
    CallerId:
        "Name callers" | "Anrufer benennen" | "Visa vem som ringer"
        => "Show the name of a colleague who calls."
        | "Den Namen anrufender Kollegen anzeigen."
        | "Visa namnet på en kollega som ringer.";
    DefaultRegion:
        "Country of phone numbers" | "Land der Telefonnummern" | "Land för telefonnummer"
        => "Two-letter code of the country in which numbers without a country code are, such as DE or SE."
        | "Zweistelliger Code des Landes, in dem Nummern ohne Ländervorwahl liegen, etwa DE oder SE."
        | "Landskod med två bokstäver för nummer utan landsnummer, till exempel DE eller SE.";
    ContactsSyncHours:
        "Hours between updates" | "Stunden zwischen Abgleichen" | "Timmar mellan uppdateringar"
        => "How often contacts are brought up to date, in hours."
        | "Wie oft Kontakte auf den neuesten Stand gebracht werden, in Stunden."
        | "Hur ofta kontakterna uppdateras, i timmar.";
    ContactsUnmeteredOnly:
        "Only over Wi-Fi" | "Nur über WLAN" | "Bara över wifi"
        => "Update contacts only over connections that cost nothing extra."
        | "Kontakte nur über Verbindungen abgleichen, die nichts extra kosten."
        | "Uppdatera kontakter bara över anslutningar utan extra kostnad.";
    DirectoryAllowedApps:
        "Apps that may look up contacts" | "Apps, die Kontakte nachschlagen dürfen" | "Appar som får slå upp kontakter"
        => "Package names of the only apps that may look up contacts, separated by commas. Without it: the phone's own dialler, messaging and mail apps."
        | "Paketnamen der einzigen Apps, die Kontakte nachschlagen dürfen, durch Kommas getrennt. Ohne Angabe: Telefon-, Nachrichten- und E-Mail-App des Geräts."
        | "Paketnamn på de enda appar som får slå upp kontakter, åtskilda av komman. Utan uppgift: telefonens egna telefon-, meddelande- och e-postappar.";
    CarddavUrl:
        "CardDAV address" | "CardDAV-Adresse" | "CardDAV-adress"
        => "Address of a CardDAV server or address book to take contacts from."
        | "Adresse eines CardDAV-Servers oder Adressbuchs, aus dem die Kontakte kommen."
        | "Adress till en CardDAV-server eller adressbok att hämta kontakter från.";
    CarddavUsername:
        "CardDAV user name" | "CardDAV-Benutzername" | "CardDAV-användarnamn"
        => "User name for the CardDAV server."
        | "Benutzername für den CardDAV-Server."
        | "Användarnamn för CardDAV-servern.";
    CarddavPassword:
        "CardDAV password" | "CardDAV-Passwort" | "CardDAV-lösenord"
        => "Password for the CardDAV server. Use an account that can only read."
        | "Passwort für den CardDAV-Server. Nehmen Sie ein Konto, das nur lesen darf."
        | "Lösenord för CardDAV-servern. Använd ett konto som bara får läsa.";
    ContactSources:
        "More contact sources" | "Weitere Kontaktquellen" | "Fler kontaktkällor"
        => "Several CardDAV servers or address books, each with name, carddav_url, carddav_username and carddav_password."
        | "Mehrere CardDAV-Server oder Adressbücher, jeweils mit name, carddav_url, carddav_username und carddav_password."
        | "Flera CardDAV-servrar eller adressböcker, var och en med name, carddav_url, carddav_username och carddav_password.";
    ClientCertificate:
        "Client certificate" | "Client-Zertifikat" | "Klientcertifikat"
        => "Name (alias) of a certificate that your MDM installed and that the server asks for."
        | "Name (Alias) eines Zertifikats, das Ihr MDM installiert hat und das der Server verlangt."
        | "Namn (alias) på ett certifikat som ert MDM-system har installerat och som servern kräver.";
}
