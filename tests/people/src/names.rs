//! Name tables. Common names of each language, so that a list of thousands looks like a real one:
//! umlauts, ß, å, hyphens, apostrophes and names that differ only in an accent.

/// Where somebody works, and so which names, numbers and addresses fit.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Country {
    /// Germany.
    Germany,
    /// Sweden.
    Sweden,
    /// Switzerland (German and French names).
    Switzerland,
    /// England.
    England,
}

impl Country {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Germany, Self::Sweden, Self::Switzerland, Self::England];

    pub(crate) fn given(self) -> Vec<&'static str> {
        words(match self {
            Self::Germany => GERMAN_GIVEN,
            Self::Sweden => SWEDISH_GIVEN,
            Self::Switzerland => SWISS_GIVEN,
            Self::England => ENGLISH_GIVEN,
        })
    }

    pub(crate) fn family(self) -> Vec<&'static str> {
        words(match self {
            Self::Germany => GERMAN_FAMILY,
            Self::Sweden => SWEDISH_FAMILY,
            Self::Switzerland => SWISS_FAMILY,
            Self::England => ENGLISH_FAMILY,
        })
    }

    /// The name of the country as it stands in an address.
    pub fn name(self) -> &'static str {
        match self {
            Self::Germany => "Deutschland",
            Self::Sweden => "Sverige",
            Self::Switzerland => "Schweiz",
            Self::England => "United Kingdom",
        }
    }
}

fn words(table: &'static str) -> Vec<&'static str> {
    table.split_whitespace().collect()
}

const GERMAN_GIVEN: &str = "
Andrea Andreas Anja Anke Anna Annette Antje Barbara Bärbel Benjamin Bernd Birgit Björn Britta
Carolin Carsten Christian Christina Christoph Claudia Daniel Daniela David Dennis Dieter Dirk
Dominik Doris Elena Elisabeth Emma Eva Fabian Felix Florian Frank Franziska Frauke Friederike
Gabriele Georg Gerd Günter Hanna Hannes Hans-Jürgen Heike Heinz Helga Holger Ines Ingo Jan Jana
Jens Johanna Jonas Jörg Julia Jürgen Käthe Karin Karl-Heinz Katharina Katja Kerstin Klaus Kristin
Lars Laura Lena Leon Lisa Lukas Manfred Manuela Marc Maren Maria Marie-Luise Marion Markus Martin
Martina Matthias Maximilian Melanie Michael Mira Monika Nadine Nicole Niklas Nina Norbert Olaf
Oliver Paul Petra Philipp Rainer Ralf Regina Renate René Robert Rolf Rüdiger Sabine Sandra Sara
Sebastian Silke Simon Sönke Stefan Stefanie Steffen Susanne Sven Tanja Thomas Thorsten Tim Tobias
Torben Ulrich Ulrike Ursula Ute Uwe Vanessa Volker Walter Werner Wiebke Wolfgang Yvonne";

const GERMAN_FAMILY: &str = "
Müller Schmidt Schneider Fischer Weber Meyer Wagner Becker Schulz Hoffmann Schäfer Koch Bauer
Richter Klein Wolf Schröder Neumann Schwarz Zimmermann Braun Krüger Hofmann Hartmann Lange Schmitt
Werner Schmitz Krause Meier Lehmann Schmid Schulze Maier Köhler Herrmann König Walter Mayer Huber
Kaiser Fuchs Peters Lang Scholz Möller Weiß Jung Hahn Schubert Vogel Friedrich Keller Günther
Frank Berger Winkler Roth Beck Lorenz Baumann Franke Albrecht Schuster Simon Ludwig Böhm Winter
Kraus Martin Schumacher Krämer Vogt Stein Jäger Otto Sommer Groß Seidel Heinrich Brandt Haas
Schreiber Graf Schulte Dietrich Ziegler Kuhn Kühn Pohl Engel Horn Busch Bergmann Thomas Voigt
Sauer Arnold Wolff Pfeiffer Strauß Heß Großmann Preuß Özdemir Yılmaz Demir Nowak Kowalski Wójcik
Schönfeld Rößler Bürger Lüders Mühlenbeck Hägele Körner Nußbaum Täuber Übelacker Ölschläger
Jürgensen Petersen Hansen Clausen Feddersen Thomsen Böttcher Hülsmann Grünwald Löwe Jänicke
Müllenhoff Mulder Möhring Steinmüller Hinterhuber Reuß Kloß Weißenborn Fröhlich Stöhr Dörr Nölle";

const SWEDISH_GIVEN: &str = "
Adam Agneta Åke Åsa Albin Alexander Alice Anders Anette Anna-Karin Annika Astrid Axel Bengt Birgitta
Björn Bo Britt-Marie Camilla Carina Charlotta Christer Ebba Elin Elsa Emelie Emil Emma Erik Erika
Eva Filip Fredrik Frida Gunilla Göran Gösta Gustav Hampus Hanna Helena Henrik Håkan Ida Inger Ingrid
Isak Jenny Jesper Johan Johanna Josefin Karin Karl-Johan Kerstin Kjell Kristina Lars-Erik Leif Lena
Linnéa Lotta Lovisa Lucas Magnus Maja Malin Margareta Maria Marie Märta Martin Mats Mikael Moa Monica
Niklas Nils Ola Oskar Pär Patrik Per Pernilla Peter Pontus Rasmus Rebecka Robin Rolf Sara Sofia
Stefan Stina Sven Susanne Therese Thomas Tobias Tove Ulf Ulla Ulrika Viktor Viktoria Wilma Örjan";

const SWEDISH_FAMILY: &str = "
Andersson Johansson Karlsson Nilsson Eriksson Larsson Olsson Persson Svensson Gustafsson Pettersson
Jonsson Jansson Hansson Bengtsson Jönsson Lindberg Jakobsson Magnusson Lindström Olofsson Lindqvist
Lindgren Berg Axelsson Bergström Lundberg Lind Lundgren Lundqvist Mattsson Berglund Fredriksson
Sandberg Henriksson Ali Forsberg Mohamed Sjöberg Wallin Engström Eklund Danielsson Lundin Håkansson
Björk Bergman Gunnarsson Wikström Holm Samuelsson Isaksson Fransson Bergqvist Nyström Holmberg
Arvidsson Löfgren Söderberg Nyberg Ahmed Blomqvist Claesson Nordström Mårtensson Lundström Viklund
Björklund Eliasson Berggren Sandström Nordin Ström Åberg Falk Ekström Hermansson Holmgren Hellström
Dahlberg Hedlund Sundberg Sjögren Ek Blom Abrahamsson Öberg Martinsson Andreasson Strömberg Månsson
Åkesson Norberg Hansen Lindholm Dahl Jonasson Hassan Holmqvist Åström Östlund Ångström Söderström
Hägglund Öhman Ågren Åhlund Näslund Sjöström Rönnqvist Mulltorp Ljungqvist Högberg Ståhl Palmgren";

const SWISS_GIVEN: &str = "
Adrian Alain Aline Andrea Andri Anne-Sophie Aurélie Beat Béatrice Benoît Bettina Brigitte Céline
Chantal Christoph Corinne Cédric Daniela Denise Dominique Élodie Esther Fabienne Florence Flurin
François Françoise Gian-Luca Gisèle Guillaume Hansjörg Hansruedi Hélène Heidi Jean-Pierre Jérôme
Joël Jürg Karin Kurt Laurent Léa Loïc Luca Lukas Luzia Manuela Marc Marcel Marie-Claire Markus
Martina Mathieu Matteo Mélanie Michel Mirjam Monique Nadja Nathalie Nicolas Noëlle Olivier Pascal
Patrizia Philippe Pierre Priska Raphaël Reto Regula Roger Rolf Romain Ruedi Ruth Samuel Sandrine
Sébastien Seraina Silvan Simone Sophie Stéphane Sylvie Thérèse Thierry Ueli Urs Ursina Valérie
Verena Véronique Vreni Walter Xavier Yannick Yves Zoé";

const SWISS_FAMILY: &str = "
Müller Meier Schmid Keller Weber Huber Schneider Meyer Steiner Fischer Gerber Brunner Baumann Frei
Zimmermann Moser Widmer Wyss Graf Roth Suter Baumgartner Bachmann Kunz Hofer Bühler Lüthi Lehmann
Marti Frey Christen Koch Egli Favre Arnold Küng Pfister Stettler Burri Hofmann Bieri Aebischer
Ammann Aeschlimann Bärtschi Berset Blanc Blaser Bovet Brügger Bürgi Bütikofer Chevalley Corthésy
Cuénoud Dubois Dürr Eggenberger Emmenegger Fässler Flückiger Flühmann Gasser Genoud Grünenfelder
Gschwend Häfliger Hänni Hess Hösli Hunziker Hürlimann Imhof Jäggi Jaquet Jeanneret Jenni Joss Kälin
Käser Kägi Krähenbühl Lachat Leuenberger Liechti Lienhard Loosli Lötscher Mäder Mülhauser Mühlemann
Nägeli Niederberger Nüssli Oberholzer Odermatt Perrin Piguet Rochat Rüegg Rüegsegger Ryser Sägesser
Schär Schläpfer Schüpbach Schürch Spörri Stähli Stöckli Sträuli Studer Stüssi Tanner Thévoz Tschudi
Vögeli Vuilleumier Wälti Wüthrich Zbinden Zehnder Zgraggen Züger Zürcher Zwahlen D'Angelo Rossi";

const ENGLISH_GIVEN: &str = "
Abigail Adam Aidan Alexander Alfie Alice Amelia Amy Andrew Anne-Marie Anthony Arthur Ben Beth Brian
Callum Caroline Catherine Charles Charlotte Chloë Christopher Claire Colin Daisy Daniel David Deborah
Dylan Edward Eleanor Elizabeth Ella Emily Emma Ethan Evie Fiona Florence Francis Freya George Georgia
Grace Graham Hannah Harriet Harry Heather Helen Henry Hugh Imogen Isabella Isla Jack Jacob James Jane
Jasmine Jessica Joanna John Joseph Joshua Julian Karen Katie Keith Kevin Laura Lauren Lewis Lily Louise
Lucy Luke Margaret Mark Martin Mary-Jane Matthew Megan Mia Michael Mohammed Molly Nathan Neil Nicola
Niamh Noah Oliver Olivia Oscar Owen Patrick Paul Peter Philip Phoebe Poppy Rachel Rebecca Richard
Robert Rosie Ruth Ryan Samuel Sarah Scarlett Sean Siân Simon Sophie Stephen Stuart Susan Thomas
Timothy Toby Tom Victoria William Zara Zoë";

const ENGLISH_FAMILY: &str = "
Smith Jones Taylor Brown Williams Wilson Johnson Davies Patel Robinson Wright Thompson Evans Walker
White Roberts Green Hall Wood Jackson Clarke Clark Harris Turner Cooper Hughes Edwards Ward Hill Moore
Lewis Martin Morris Baker Khan Harrison Allen Scott King Watson Lee James Parker Bennett Young Phillips
Richardson Mitchell Carter Morgan Shaw Cook Collins Bell Bailey Singh Adams Kelly Miller Cox Murphy
Marshall Ahmed Griffiths Hussain Ali Simpson Begum Stevens Ellis Gray Barker Fletcher Fisher Price
O'Brien O'Connor O'Neill Mullen Mulligan Mullins Ashworth Attenborough Bickerstaffe Blackwood
Cholmondeley Copperfield Drinkwater Eccleston Featherstone Goodfellow Greenhalgh Hathaway Holloway
Inglethorpe Kingsley-Ward Loveday Merriweather Montague Nightingale Oakley Pemberton Pennington
Quayle Ravenscroft Shackleton Shuttleworth Smythe Spencer-Hill St.John Thistlethwaite Underwood
Wadsworth Weatherby Whitaker Winterbottom Wolstenholme Worthington Wycliffe Yardley Brontë Lefèvre";
