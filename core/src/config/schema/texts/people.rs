//! The person and the device.

texts! {
    FirstName:
        "First name" | "Vorname" | "Förnamn"
        => "First name of the person who uses the phone."
        | "Vorname der Person, die das Gerät nutzt."
        | "Förnamn på personen som använder telefonen.";
    LastName:
        "Last name" | "Nachname" | "Efternamn"
        => "Last name of the person who uses the phone."
        | "Nachname der Person, die das Gerät nutzt."
        | "Efternamn på personen som använder telefonen.";
    Nickname:
        "Nickname" | "Spitzname" | "Smeknamn"
        => "The name under which colleagues know the person, if it differs."
        | "Der Name, unter dem Kollegen die Person kennen, falls er abweicht."
        | "Namnet som kollegorna känner personen under, om det skiljer sig.";
    Phone:
        "Phone number" | "Telefonnummer" | "Telefonnummer"
        => "Work phone number of the person."
        | "Dienstliche Telefonnummer der Person."
        | "Personens telefonnummer på arbetet.";
    JobTitle:
        "Position" | "Position" | "Befattning"
        => "Position of the person in the organisation."
        | "Position der Person in der Organisation."
        | "Personens befattning i organisationen.";
    Department:
        "Department" | "Abteilung" | "Avdelning"
        => "Department of the person."
        | "Abteilung der Person."
        | "Personens avdelning.";
    EmployeeId:
        "Employee number" | "Personalnummer" | "Anställningsnummer"
        => "Number of the person in your personnel system. Send it as text, or zeros at the front get lost."
        | "Nummer der Person in Ihrem Personalsystem. Als Text senden, sonst gehen Nullen am Anfang verloren."
        | "Personens nummer i ert personalsystem. Skicka det som text, annars försvinner inledande nollor.";
    Category:
        "Category" | "Kategorie" | "Kategori"
        => "A group that the person belongs to, in your own words."
        | "Eine Gruppe, zu der die Person gehört, in Ihren eigenen Worten."
        | "En grupp som personen tillhör, med egna ord.";
    Language:
        "Language" | "Sprache" | "Språk"
        => "Language of the app. Without it, the phone's language."
        | "Sprache der App. Ohne Angabe die Sprache des Geräts."
        | "Appens språk. Utan uppgift används telefonens språk.";

    DeviceId:
        "Device id" | "Gerätekennung" | "Enhets-id"
        => "The id under which your MDM knows the phone, by a placeholder of your console."
        | "Die Kennung, unter der Ihr MDM das Gerät kennt, über einen Platzhalter Ihrer Konsole."
        | "Id:t som ert MDM-system känner telefonen under, genom en platshållare i konsolen.";
    SerialNumber:
        "Serial number" | "Seriennummer" | "Serienummer"
        => "Serial number of the phone, by a placeholder of your console. Apps can't read it themselves."
        | "Seriennummer des Geräts, über einen Platzhalter Ihrer Konsole. Apps können sie nicht selbst lesen."
        | "Telefonens serienummer, genom en platshållare i konsolen. Appar kan inte läsa det själva.";
    EnrollmentId:
        "Enrolment id" | "Registrierungskennung" | "Registrerings-id"
        => "The id of this enrolment of the phone in your MDM."
        | "Die Kennung dieser Registrierung des Geräts in Ihrem MDM."
        | "Id för telefonens registrering i ert MDM-system.";
    AssetTag:
        "Asset tag" | "Inventarnummer" | "Inventarienummer"
        => "Inventory number of the phone. Shown to people who ask for help."
        | "Inventarnummer des Geräts. Wird Personen angezeigt, die um Hilfe bitten."
        | "Telefonens inventarienummer. Visas för den som ber om hjälp.";
    ManagedBy:
        "Managed by" | "Verwaltet von" | "Hanteras av"
        => "Who manages the phone, as it is shown to people."
        | "Wer das Gerät verwaltet, so wie es Personen angezeigt wird."
        | "Vem som hanterar telefonen, så som det visas för användaren.";
}
