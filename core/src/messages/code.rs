//! What can fail, in words: what happened, and what to do next.
//!
//! `{host}` and `{keys}` become " (name)" or nothing; `{wait}` becomes "in 5 minutes" or "later".
use super::table::text_table;

text_table! {
    /// What failed.
    Code

    // Activation: what the server says.
    UnknownCredentials "unknown_credentials"
        ["The sign-in details are not right.",
         "Die Anmeldedaten stimmen nicht.",
         "Inloggningsuppgifterna stämmer inte."]
        ["Check them and try again. If your organisation entered them, ask your IT support.",
         "Prüfen Sie die Angaben und versuchen Sie es noch einmal. Wenn Ihre Organisation sie eingetragen hat, fragen Sie den IT-Support.",
         "Kontrollera dem och försök igen. Om din organisation har angett dem, fråga IT-supporten."]
    Revoked "revoked"
        ["Your organisation has withdrawn the access for this phone.",
         "Ihre Organisation hat den Zugang für dieses Telefon entzogen.",
         "Din organisation har dragit in åtkomsten för den här telefonen."]
        ["If you think that this is a mistake, contact your IT support.",
         "Wenn Sie das für einen Irrtum halten, wenden Sie sich an den IT-Support.",
         "Om du tror att det är ett misstag, kontakta IT-supporten."]
    SeatsExhausted "seats_exhausted"
        ["All places of your organisation's licence are taken.",
         "Alle Plätze der Lizenz Ihrer Organisation sind belegt.",
         "Alla platser i din organisations licens är upptagna."]
        ["Ask your IT support to free a place, then try again.",
         "Bitten Sie den IT-Support, einen Platz freizugeben, und versuchen Sie es dann noch einmal.",
         "Be IT-supporten frigöra en plats och försök sedan igen."]
    CodeUsed "code_used"
        ["This activation code was already used.",
         "Dieser Aktivierungscode wurde schon benutzt.",
         "Den här aktiveringskoden har redan använts."]
        ["Ask your IT support for a new one. Each code works once.",
         "Bitten Sie den IT-Support um einen neuen. Jeder Code gilt nur einmal.",
         "Be IT-supporten om en ny. Varje kod fungerar en gång."]
    CodeExpired "code_expired"
        ["This activation code is too old.",
         "Dieser Aktivierungscode ist abgelaufen.",
         "Den här aktiveringskoden är för gammal."]
        ["Ask your IT support for a new one.",
         "Bitten Sie den IT-Support um einen neuen.",
         "Be IT-supporten om en ny."]
    OutsideAllowedDevices "outside_allowed_devices"
        ["This phone is not one of those that your organisation allows.",
         "Dieses Telefon gehört nicht zu denen, die Ihre Organisation zulässt.",
         "Den här telefonen är inte en av dem som din organisation tillåter."]
        ["Use the phone that your organisation gave you, or contact your IT support.",
         "Benutzen Sie das Telefon Ihrer Organisation, oder wenden Sie sich an den IT-Support.",
         "Använd telefonen som din organisation har gett dig, eller kontakta IT-supporten."]
    RateLimited "rate_limited"
        ["There were too many attempts.",
         "Es gab zu viele Versuche.",
         "Det har varit för många försök."]
        ["Try again {wait}.",
         "Versuchen Sie es {wait} noch einmal.",
         "Försök igen {wait}."]
    OneTimeCodeNeeded "one_time_code_needed"
        ["A code was sent to your e-mail address.",
         "Ein Code wurde an Ihre E-Mail-Adresse geschickt.",
         "En kod har skickats till din e-postadress."]
        ["Enter the code here.",
         "Geben Sie den Code hier ein.",
         "Ange koden här."]
    OneTimeCodeWrong "one_time_code_wrong"
        ["The code from the e-mail is not right or is too old.",
         "Der Code aus der E-Mail stimmt nicht oder ist abgelaufen.",
         "Koden från e-postmeddelandet stämmer inte eller är för gammal."]
        ["Enter it again, or have a new one sent.",
         "Geben Sie ihn noch einmal ein, oder lassen Sie sich einen neuen schicken.",
         "Ange den igen eller begär en ny."]
    BrowserNeeded "browser_needed"
        ["Your organisation wants you to sign in on its own page.",
         "Ihre Organisation möchte, dass Sie sich auf ihrer eigenen Seite anmelden.",
         "Din organisation vill att du loggar in på dess egen sida."]
        ["Continue in the browser and come back here afterwards.",
         "Machen Sie im Browser weiter und kommen Sie danach hierher zurück.",
         "Fortsätt i webbläsaren och kom sedan tillbaka hit."]
    SignInAgain "sign_in_again"
        ["You have to sign in again.",
         "Sie müssen sich erneut anmelden.",
         "Du måste logga in igen."]
        ["Sign in. Your contacts stay here meanwhile.",
         "Melden Sie sich an. Ihre Kontakte bleiben so lange da.",
         "Logga in. Dina kontakter finns kvar under tiden."]

    // The way to a server.
    HostNotFound "host_not_found"
        ["The server{host} can't be found.",
         "Der Server{host} ist nicht zu finden.",
         "Servern{host} går inte att hitta."]
        ["Check that the phone is online. If it is, ask your IT support for the right address.",
         "Prüfen Sie, ob das Telefon online ist. Wenn ja, fragen Sie den IT-Support nach der richtigen Adresse.",
         "Kontrollera att telefonen är uppkopplad. Om den är det, fråga IT-supporten efter rätt adress."]
    ConnectionRefused "connection_refused"
        ["The server{host} does not take connections.",
         "Der Server{host} nimmt keine Verbindung an.",
         "Servern{host} tar inte emot anslutningar."]
        ["Try again later. If it stays like this, tell your IT support.",
         "Versuchen Sie es später noch einmal. Wenn es so bleibt, sagen Sie dem IT-Support Bescheid.",
         "Försök igen senare. Om det fortsätter, säg till IT-supporten."]
    TimedOut "timed_out"
        ["The server{host} did not answer in time.",
         "Der Server{host} hat nicht rechtzeitig geantwortet.",
         "Servern{host} svarade inte i tid."]
        ["Check the connection. It is tried again by itself.",
         "Prüfen Sie die Verbindung. Es wird von selbst noch einmal versucht.",
         "Kontrollera anslutningen. Ett nytt försök görs automatiskt."]
    TlsFailed "tls_failed"
        ["There is no secure connection to the server{host}.",
         "Es gibt keine sichere Verbindung zum Server{host}.",
         "Det finns ingen säker anslutning till servern{host}."]
        ["Use another network. If it stays like this, tell your IT support: the server's certificate is not trusted.",
         "Benutzen Sie ein anderes Netz. Wenn es so bleibt, sagen Sie dem IT-Support Bescheid: Dem Zertifikat des Servers wird nicht vertraut.",
         "Använd ett annat nätverk. Om det fortsätter, säg till IT-supporten: serverns certifikat är inte betrott."]
    ProxyLogin "proxy_login"
        ["The network asks for a sign-in before it lets anything through.",
         "Das Netz verlangt eine Anmeldung, bevor es etwas durchlässt.",
         "Nätverket kräver inloggning innan det släpper igenom något."]
        ["Open the browser and sign in to the network, or use another one.",
         "Öffnen Sie den Browser und melden Sie sich im Netz an, oder benutzen Sie ein anderes.",
         "Öppna webbläsaren och logga in på nätverket, eller använd ett annat."]
    Cut "cut"
        ["The connection to the server{host} broke.",
         "Die Verbindung zum Server{host} ist abgebrochen.",
         "Anslutningen till servern{host} bröts."]
        ["It goes on by itself where it stopped.",
         "Es geht von selbst dort weiter, wo es aufgehört hat.",
         "Det fortsätter automatiskt där det slutade."]
    ConnectionFailed "connection_failed"
        ["The server{host} could not be reached.",
         "Der Server{host} war nicht zu erreichen.",
         "Servern{host} kunde inte nås."]
        ["Check that the phone is online. It is tried again by itself.",
         "Prüfen Sie, ob das Telefon online ist. Es wird von selbst noch einmal versucht.",
         "Kontrollera att telefonen är uppkopplad. Ett nytt försök görs automatiskt."]
    ServerTrouble "server_trouble"
        ["The server{host} has a problem of its own.",
         "Der Server{host} hat selbst eine Störung.",
         "Servern{host} har ett eget problem."]
        ["There is nothing to do on the phone. It is tried again {wait}.",
         "Am Telefon ist nichts zu tun. Es wird {wait} noch einmal versucht.",
         "Det finns inget att göra på telefonen. Ett nytt försök görs {wait}."]
    NotAMusterServer "not_a_muster_server"
        ["The address{host} does not belong to a management server.",
         "Die Adresse{host} gehört nicht zu einem Verwaltungsserver.",
         "Adressen{host} hör inte till någon hanteringsserver."]
        ["Ask your IT support for the right address.",
         "Fragen Sie den IT-Support nach der richtigen Adresse.",
         "Fråga IT-supporten efter rätt adress."]
    AnswerInvalid "answer_invalid"
        ["The server{host} gave an answer that makes no sense.",
         "Der Server{host} hat eine unverständliche Antwort gegeben.",
         "Servern{host} gav ett obegripligt svar."]
        ["You may be in a network that wants a sign-in first. If not, tell your IT support.",
         "Vielleicht verlangt das Netz erst eine Anmeldung. Wenn nicht, sagen Sie dem IT-Support Bescheid.",
         "Nätverket kanske kräver inloggning först. Om inte, säg till IT-supporten."]
    InsecureAddress "insecure_address"
        ["The server's address{host} is not a secure one.",
         "Die Adresse des Servers{host} ist keine sichere.",
         "Serverns adress{host} är inte säker."]
        ["Ask your IT support for an address that begins with https.",
         "Fragen Sie den IT-Support nach einer Adresse, die mit https beginnt.",
         "Fråga IT-supporten efter en adress som börjar med https."]
    HostNotAllowed "host_not_allowed"
        ["Your organisation does not allow the server{host}.",
         "Ihre Organisation lässt den Server{host} nicht zu.",
         "Din organisation tillåter inte servern{host}."]
        ["Use the link or the code that your organisation gave you.",
         "Benutzen Sie den Link oder den Code Ihrer Organisation.",
         "Använd länken eller koden som din organisation har gett dig."]

    // What there is to activate with.
    IncompleteConfiguration "incomplete_configuration"
        ["Your organisation's settings are not complete{keys}.",
         "Die Einstellungen Ihrer Organisation sind nicht vollständig{keys}.",
         "Din organisations inställningar är inte fullständiga{keys}."]
        ["Ask your IT support to add what is missing. It goes on by itself then.",
         "Bitten Sie den IT-Support, das Fehlende zu ergänzen. Danach geht es von selbst weiter.",
         "Be IT-supporten lägga till det som saknas. Sedan fortsätter det automatiskt."]
    ConfigurationInvalid "configuration_invalid"
        ["Your organisation's settings can't be read{keys}.",
         "Die Einstellungen Ihrer Organisation sind nicht lesbar{keys}.",
         "Din organisations inställningar går inte att läsa{keys}."]
        ["Ask your IT support to check them. Until then the last good ones stay.",
         "Bitten Sie den IT-Support, sie zu prüfen. Bis dahin gelten die letzten guten.",
         "Be IT-supporten kontrollera dem. Till dess gäller de senaste giltiga."]
    ConfigurationTooLarge "configuration_too_large"
        ["Your organisation's settings are too large.",
         "Die Einstellungen Ihrer Organisation sind zu umfangreich.",
         "Din organisations inställningar är för stora."]
        ["Ask your IT support to shorten them. Until then the last good ones stay.",
         "Bitten Sie den IT-Support, sie zu kürzen. Bis dahin gelten die letzten guten.",
         "Be IT-supporten korta ned dem. Till dess gäller de senaste giltiga."]
    LinkInvalid "link_invalid"
        ["This activation link is not complete or not right.",
         "Dieser Aktivierungslink ist unvollständig oder falsch.",
         "Den här aktiveringslänken är inte fullständig eller stämmer inte."]
        ["Open it again from the original message, or ask your IT support for a new one.",
         "Öffnen Sie ihn noch einmal aus der ursprünglichen Nachricht, oder bitten Sie den IT-Support um einen neuen.",
         "Öppna den igen från det ursprungliga meddelandet, eller be IT-supporten om en ny."]
    LinkVersion "link_version"
        ["This activation link needs a newer version of the app.",
         "Dieser Aktivierungslink braucht eine neuere Version der App.",
         "Den här aktiveringslänken kräver en nyare version av appen."]
        ["Update the app and open the link again.",
         "Aktualisieren Sie die App und öffnen Sie den Link noch einmal.",
         "Uppdatera appen och öppna länken igen."]
    AlreadyActive "already_active"
        ["The app is already set up for an organisation.",
         "Die App ist schon für eine Organisation eingerichtet.",
         "Appen är redan inställd för en organisation."]
        ["Sign out first if you want to change to another one.",
         "Melden Sie sich erst ab, wenn Sie zu einer anderen wechseln möchten.",
         "Logga ut först om du vill byta till en annan."]
    NotActive "not_active"
        ["The app is not set up yet.",
         "Die App ist noch nicht eingerichtet.",
         "Appen är inte inställd ännu."]
        ["Open the activation link, or sign in with what your organisation gave you.",
         "Öffnen Sie den Aktivierungslink, oder melden Sie sich mit den Angaben Ihrer Organisation an.",
         "Öppna aktiveringslänken eller logga in med uppgifterna från din organisation."]
    SignOutForbidden "sign_out_forbidden"
        ["Your organisation does not allow signing out.",
         "Ihre Organisation erlaubt das Abmelden nicht.",
         "Din organisation tillåter inte utloggning."]
        ["If you are to hand the phone on, ask your IT support.",
         "Wenn Sie das Telefon weitergeben sollen, fragen Sie den IT-Support.",
         "Om du ska lämna telefonen vidare, fråga IT-supporten."]
    KeyMismatch "key_mismatch"
        ["The server{host} is not the one that your organisation named.",
         "Der Server{host} ist nicht der, den Ihre Organisation genannt hat.",
         "Servern{host} är inte den som din organisation har angett."]
        ["Don't go on. Tell your IT support.",
         "Machen Sie nicht weiter. Sagen Sie dem IT-Support Bescheid.",
         "Fortsätt inte. Säg till IT-supporten."]
    ErasedEvidence "erased_evidence"
        ["This phone was withdrawn, so it does not sign in again by itself.",
         "Dieses Telefon wurde zurückgezogen. Es meldet sich deshalb nicht von selbst wieder an.",
         "Den här telefonen har dragits tillbaka och loggar därför inte in igen av sig själv."]
        ["If you may use it again, sign in by hand or ask your IT support for a new code.",
         "Wenn Sie es wieder benutzen dürfen, melden Sie sich selbst an, oder bitten Sie den IT-Support um einen neuen Code.",
         "Om du får använda den igen, logga in själv eller be IT-supporten om en ny kod."]

    // Keys of the phone.
    VaultLocked "vault_locked"
        ["The phone has not been unlocked since it was started.",
         "Das Telefon wurde seit dem Start noch nicht entsperrt.",
         "Telefonen har inte låsts upp sedan den startades."]
        ["Unlock it once. Everything goes on by itself then.",
         "Entsperren Sie es einmal. Danach geht alles von selbst weiter.",
         "Lås upp den en gång. Sedan fortsätter allt automatiskt."]
    VaultBusy "vault_busy"
        ["The phone's safe for keys is busy.",
         "Der Schlüsselspeicher des Telefons ist beschäftigt.",
         "Telefonens nyckelförvaring är upptagen."]
        ["It is tried again by itself.",
         "Es wird von selbst noch einmal versucht.",
         "Ett nytt försök görs automatiskt."]
    VaultLost "vault_lost"
        ["The phone has lost the key to the stored data.",
         "Das Telefon hat den Schlüssel zu den gespeicherten Daten verloren.",
         "Telefonen har förlorat nyckeln till sparade data."]
        ["The contacts are loaded again. You may have to sign in once more.",
         "Die Kontakte werden neu geladen. Vielleicht müssen Sie sich noch einmal anmelden.",
         "Kontakterna hämtas på nytt. Du kan behöva logga in en gång till."]
    VaultDenied "vault_denied"
        ["The phone does not allow the app to use its safe for keys.",
         "Das Telefon erlaubt der App nicht, seinen Schlüsselspeicher zu benutzen.",
         "Telefonen tillåter inte appen att använda sin nyckelförvaring."]
        ["Restart the phone. If it stays like this, contact your IT support.",
         "Starten Sie das Telefon neu. Wenn es so bleibt, wenden Sie sich an den IT-Support.",
         "Starta om telefonen. Om det fortsätter, kontakta IT-supporten."]
    VaultUnsupported "vault_unsupported"
        ["This phone can't keep keys safely.",
         "Dieses Telefon kann Schlüssel nicht sicher aufbewahren.",
         "Den här telefonen kan inte förvara nycklar säkert."]
        ["Contact your IT support. Another phone may be needed.",
         "Wenden Sie sich an den IT-Support. Vielleicht brauchen Sie ein anderes Telefon.",
         "Kontakta IT-supporten. En annan telefon kan behövas."]

    // Files of the app.
    StoreFull "store_full"
        ["There is no room left on the phone.",
         "Auf dem Telefon ist kein Platz mehr.",
         "Det finns inget utrymme kvar på telefonen."]
        ["Delete something that you don't need. It goes on by itself then.",
         "Löschen Sie etwas, das Sie nicht brauchen. Danach geht es von selbst weiter.",
         "Ta bort något som du inte behöver. Sedan fortsätter det automatiskt."]
    StoreInUse "store_in_use"
        ["The app's data is in use by another run of the app.",
         "Die Daten der App werden gerade von einem anderen Vorgang benutzt.",
         "Appens data används just nu av en annan körning av appen."]
        ["Close the app and open it again.",
         "Schließen Sie die App und öffnen Sie sie wieder.",
         "Stäng appen och öppna den igen."]
    StoreNewer "store_newer"
        ["The stored data was written by a newer version of the app.",
         "Die gespeicherten Daten stammen von einer neueren Version der App.",
         "Sparade data skrevs av en nyare version av appen."]
        ["Update the app. Nothing is lost until then.",
         "Aktualisieren Sie die App. Bis dahin geht nichts verloren.",
         "Uppdatera appen. Inget går förlorat till dess."]
    StoreDamaged "store_damaged"
        ["The stored data is damaged.",
         "Die gespeicherten Daten sind beschädigt.",
         "Sparade data är skadade."]
        ["The contacts are loaded again. If it stays like this, contact your IT support.",
         "Die Kontakte werden neu geladen. Wenn es so bleibt, wenden Sie sich an den IT-Support.",
         "Kontakterna hämtas på nytt. Om det fortsätter, kontakta IT-supporten."]

    // The policy.
    PolicyUntrusted "policy_untrusted"
        ["The rules from the server{host} are not signed by your organisation.",
         "Die Regeln vom Server{host} sind nicht von Ihrer Organisation unterschrieben.",
         "Reglerna från servern{host} är inte signerade av din organisation."]
        ["They are not used. Tell your IT support.",
         "Sie werden nicht angewendet. Sagen Sie dem IT-Support Bescheid.",
         "De används inte. Säg till IT-supporten."]
    PolicyExpired "policy_expired"
        ["The rules from the server{host} are out of date.",
         "Die Regeln vom Server{host} sind veraltet.",
         "Reglerna från servern{host} är inaktuella."]
        ["The last ones stay in force. If it stays like this, tell your IT support.",
         "Die letzten gelten weiter. Wenn es so bleibt, sagen Sie dem IT-Support Bescheid.",
         "De senaste gäller fortfarande. Om det fortsätter, säg till IT-supporten."]
    PolicyOlder "policy_older"
        ["The server{host} sent older rules than before.",
         "Der Server{host} hat ältere Regeln als zuvor geschickt.",
         "Servern{host} skickade äldre regler än tidigare."]
        ["They are not used. Tell your IT support.",
         "Sie werden nicht angewendet. Sagen Sie dem IT-Support Bescheid.",
         "De används inte. Säg till IT-supporten."]
    PolicyInvalid "policy_invalid"
        ["The rules from the server{host} can't be read.",
         "Die Regeln vom Server{host} sind nicht lesbar.",
         "Reglerna från servern{host} går inte att läsa."]
        ["The last ones stay in force. Tell your IT support.",
         "Die letzten gelten weiter. Sagen Sie dem IT-Support Bescheid.",
         "De senaste gäller fortfarande. Säg till IT-supporten."]
    PolicyUnreachable "policy_unreachable"
        ["The rules could not be fetched from the server{host}.",
         "Die Regeln konnten nicht vom Server{host} geholt werden.",
         "Reglerna kunde inte hämtas från servern{host}."]
        ["The last ones stay in force. It is tried again by itself.",
         "Die letzten gelten weiter. Es wird von selbst noch einmal versucht.",
         "De senaste gäller fortfarande. Ett nytt försök görs automatiskt."]

    // Address books.
    BookLoginRefused "book_login_refused"
        ["The contacts server{host} refuses the sign-in.",
         "Der Kontakte-Server{host} lehnt die Anmeldung ab.",
         "Kontaktservern{host} avvisar inloggningen."]
        ["The contacts on the phone stay. Ask your IT support to check name and password.",
         "Die Kontakte auf dem Telefon bleiben. Bitten Sie den IT-Support, Name und Passwort zu prüfen.",
         "Kontakterna på telefonen finns kvar. Be IT-supporten kontrollera namn och lösenord."]
    BookNotFound "book_not_found"
        ["There is no address book at that place on the contacts server{host}.",
         "Auf dem Kontakte-Server{host} gibt es dort kein Adressbuch.",
         "Det finns ingen adressbok på den platsen på kontaktservern{host}."]
        ["Ask your IT support to check the address.",
         "Bitten Sie den IT-Support, die Adresse zu prüfen.",
         "Be IT-supporten kontrollera adressen."]
    BookForbidden "book_forbidden"
        ["The contacts server{host} does not let this phone see the address book.",
         "Der Kontakte-Server{host} gibt das Adressbuch für dieses Telefon nicht frei.",
         "Kontaktservern{host} låter inte den här telefonen se adressboken."]
        ["Ask your IT support for access.",
         "Bitten Sie den IT-Support um Zugang.",
         "Be IT-supporten om åtkomst."]
    BookNotCarddav "book_not_carddav"
        ["The address{host} does not belong to a contacts server.",
         "Die Adresse{host} gehört nicht zu einem Kontakte-Server.",
         "Adressen{host} hör inte till någon kontaktserver."]
        ["Ask your IT support for the right address.",
         "Fragen Sie den IT-Support nach der richtigen Adresse.",
         "Fråga IT-supporten efter rätt adress."]
    BookBadAnswer "book_bad_answer"
        ["The contacts server{host} gave an answer that makes no sense.",
         "Der Kontakte-Server{host} hat eine unverständliche Antwort gegeben.",
         "Kontaktservern{host} gav ett obegripligt svar."]
        ["The contacts on the phone stay. If it stays like this, tell your IT support.",
         "Die Kontakte auf dem Telefon bleiben. Wenn es so bleibt, sagen Sie dem IT-Support Bescheid.",
         "Kontakterna på telefonen finns kvar. Om det fortsätter, säg till IT-supporten."]
    BookTooLarge "book_too_large"
        ["The address book on the server{host} is too large.",
         "Das Adressbuch auf dem Server{host} ist zu groß.",
         "Adressboken på servern{host} är för stor."]
        ["Ask your IT support to offer a smaller one.",
         "Bitten Sie den IT-Support um ein kleineres.",
         "Be IT-supporten om en mindre."]
    BookUnreachable "book_unreachable"
        ["The contacts server{host} could not be reached.",
         "Der Kontakte-Server{host} war nicht zu erreichen.",
         "Kontaktservern{host} kunde inte nås."]
        ["The contacts on the phone stay. It is tried again by itself.",
         "Die Kontakte auf dem Telefon bleiben. Es wird von selbst noch einmal versucht.",
         "Kontakterna på telefonen finns kvar. Ett nytt försök görs automatiskt."]

    // Reports.
    ReportUnreachable "report_unreachable"
        ["Reports could not be sent to the server{host}.",
         "Berichte konnten nicht an den Server{host} geschickt werden.",
         "Rapporter kunde inte skickas till servern{host}."]
        ["They are kept and sent later.",
         "Sie werden aufbewahrt und später geschickt.",
         "De sparas och skickas senare."]
    ReportRefused "report_refused"
        ["The server{host} does not take reports from this phone.",
         "Der Server{host} nimmt von diesem Telefon keine Berichte an.",
         "Servern{host} tar inte emot rapporter från den här telefonen."]
        ["They are kept. If it stays like this, tell your IT support.",
         "Sie werden aufbewahrt. Wenn es so bleibt, sagen Sie dem IT-Support Bescheid.",
         "De sparas. Om det fortsätter, säg till IT-supporten."]
    ReportQuarantined "report_quarantined"
        ["The server{host} could not read a report.",
         "Der Server{host} konnte einen Bericht nicht lesen.",
         "Servern{host} kunde inte läsa en rapport."]
        ["It was put aside. Tell your IT support.",
         "Er wurde beiseitegelegt. Sagen Sie dem IT-Support Bescheid.",
         "Den har lagts åt sidan. Säg till IT-supporten."]
    ReportsDropped "reports_dropped"
        ["There were too many unsent reports, so the oldest were dropped.",
         "Es gab zu viele ungesendete Berichte, deshalb wurden die ältesten verworfen.",
         "Det fanns för många osända rapporter, så de äldsta togs bort."]
        ["Connect the phone so that the others can be sent.",
         "Verbinden Sie das Telefon, damit die übrigen geschickt werden können.",
         "Anslut telefonen så att de övriga kan skickas."]
}
