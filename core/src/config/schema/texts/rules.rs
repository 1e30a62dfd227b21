//! Behaviour and compliance.

texts! {
    BlockScreenshots:
        "Block screenshots" | "Bildschirmfotos sperren" | "Blockera skärmbilder"
        => "Prevent screenshots and recordings of the app."
        | "Bildschirmfotos und Aufnahmen der App verhindern."
        | "Förhindra skärmbilder och inspelningar av appen.";
    BlockExport:
        "Block export" | "Weitergabe sperren" | "Blockera export"
        => "Contacts can't be shared, saved or sent from the app."
        | "Kontakte können aus der App nicht geteilt, gespeichert oder gesendet werden."
        | "Kontakter kan inte delas, sparas eller skickas från appen.";
    BlockCopy:
        "Block copying" | "Kopieren sperren" | "Blockera kopiering"
        => "Text can't be copied from the app to the clipboard."
        | "Text kann nicht aus der App in die Zwischenablage kopiert werden."
        | "Text kan inte kopieras från appen till urklipp.";
    ReadonlyProfile:
        "Fixed profile" | "Festes Profil" | "Låst profil"
        => "The person can't change their own name and details in the app."
        | "Die Person kann ihren Namen und ihre Angaben in der App nicht ändern."
        | "Personen kan inte ändra sitt namn och sina uppgifter i appen.";
    CheckIntervalHours:
        "Hours between checks" | "Stunden zwischen Prüfungen" | "Timmar mellan kontroller"
        => "How often the phone asks the server for news and reports, in hours. If the server says less, that counts."
        | "Wie oft das Gerät den Server nach Neuem fragt und berichtet, in Stunden. Verlangt der Server weniger, gilt das."
        | "Hur ofta telefonen frågar servern efter nyheter och rapporterar, i timmar. Om servern säger mindre gäller det.";
    OfflineGraceDays:
        "Days without contact" | "Tage ohne Verbindung" | "Dagar utan kontakt"
        => "For how many days contacts stay visible when the server can't be reached. Then they are hidden, not deleted. If the server says less, that counts."
        | "Wie viele Tage Kontakte sichtbar bleiben, wenn der Server nicht erreichbar ist. Danach werden sie verborgen, nicht gelöscht. Verlangt der Server weniger, gilt das."
        | "Hur många dagar kontakter visas när servern inte kan nås. Därefter döljs de, men raderas inte. Om servern säger mindre gäller det.";
    LogLevel:
        "Log detail" | "Protokolltiefe" | "Loggnivå"
        => "How much the app writes to its log. Passwords and contacts are never in it."
        | "Wie viel die App protokolliert. Passwörter und Kontakte stehen nie darin."
        | "Hur mycket appen skriver i sin logg. Lösenord och kontakter finns aldrig med.";

    MinOsVersion:
        "Oldest allowed system" | "Älteste erlaubte Systemversion" | "Äldsta tillåtna systemversion"
        => "Android or iOS must be at least this version."
        | "Android oder iOS muss mindestens diese Version haben."
        | "Android eller iOS måste ha minst den här versionen.";
    MaxPatchAgeDays:
        "Oldest allowed security update" | "Ältestes erlaubtes Sicherheitsupdate" | "Äldsta tillåtna säkerhetsuppdatering"
        => "The phone's security update may be at most this many days old."
        | "Das Sicherheitsupdate des Geräts darf höchstens so viele Tage alt sein."
        | "Telefonens säkerhetsuppdatering får vara högst så här många dagar gammal.";
    RequireScreenLock:
        "Require a screen lock" | "Bildschirmsperre verlangen" | "Kräv skärmlås"
        => "The phone must be locked by PIN, password, pattern or biometrics."
        | "Das Gerät muss durch PIN, Passwort, Muster oder Biometrie gesperrt sein."
        | "Telefonen måste låsas med PIN-kod, lösenord, mönster eller biometri.";
    MinPasswordComplexity:
        "Strength of the screen lock" | "Stärke der Bildschirmsperre" | "Skärmlåsets styrka"
        => "How strong the screen lock must be, in Android's own levels."
        | "Wie stark die Bildschirmsperre sein muss, in den Stufen von Android."
        | "Hur starkt skärmlåset måste vara, enligt Androids egna nivåer.";
    RequireEncryption:
        "Require encryption" | "Verschlüsselung verlangen" | "Kräv kryptering"
        => "The phone's storage must be encrypted."
        | "Der Speicher des Geräts muss verschlüsselt sein."
        | "Telefonens lagring måste vara krypterad.";
    ForbidDeveloperOptions:
        "Forbid developer options" | "Entwickleroptionen verbieten" | "Förbjud utvecklaralternativ"
        => "Developer options must be off."
        | "Die Entwickleroptionen müssen ausgeschaltet sein."
        | "Utvecklaralternativen måste vara avstängda.";
    ForbidDebugging:
        "Forbid USB debugging" | "USB-Debugging verbieten" | "Förbjud USB-felsökning"
        => "Debugging over USB or Wi-Fi must be off."
        | "Debugging über USB oder WLAN muss ausgeschaltet sein."
        | "Felsökning över USB eller wifi måste vara avstängd.";
    RequireWorkProfile:
        "Require a work profile" | "Arbeitsprofil verlangen" | "Kräv arbetsprofil"
        => "The app must run in a work profile. Does not apply to fully managed phones."
        | "Die App muss in einem Arbeitsprofil laufen. Gilt nicht für vollständig verwaltete Geräte."
        | "Appen måste köras i en arbetsprofil. Gäller inte för helt hanterade telefoner.";
    MinAppVersion:
        "Oldest allowed app version" | "Älteste erlaubte App-Version" | "Äldsta tillåtna appversion"
        => "Muster must be at least this version."
        | "Muster muss mindestens diese Version haben."
        | "Muster måste ha minst den här versionen.";
    NoncomplianceAction:
        "If a rule is not met" | "Wenn eine Vorgabe nicht erfüllt ist" | "Om ett krav inte uppfylls"
        => "warn: tell the person. hide_contacts: hide the contacts after the grace. lock: lock the app after the grace. It ends at once when the phone meets the rules again."
        | "warn: die Person informieren. hide_contacts: nach der Frist die Kontakte verbergen. lock: nach der Frist die App sperren. Es endet sofort, wenn das Gerät die Vorgaben wieder erfüllt."
        | "warn: informera personen. hide_contacts: dölj kontakterna efter fristen. lock: lås appen efter fristen. Det upphör genast när telefonen uppfyller kraven igen.";
    NoncomplianceGraceHours:
        "Time to mend" | "Frist zum Beheben" | "Frist för åtgärd"
        => "Hours that the person has before anything more than a warning happens."
        | "Stunden, die die Person Zeit hat, bevor mehr als eine Warnung geschieht."
        | "Antal timmar personen har på sig innan något mer än en varning händer.";
}
