//! The names of people, places and things in a seeded contact centre.

use std::collections::HashMap;

pub(super) const DEPARTMENTS: &[&str] = &[
    "Billing",
    "Claims",
    "Sales",
    "Support",
    "Retention",
    "Bookings",
    "Deliveries",
    "Returns",
    "Complaints",
    "Loyalty",
    "Onboarding",
    "Collections",
];

/// A region: its name, its time zone and its sites.
pub(super) struct Region {
    pub(super) name: &'static str,
    pub(super) time_zone: &'static str,
    pub(super) sites: &'static [&'static str],
}

pub(super) const REGIONS: &[Region] = &[
    Region {
        name: "Britain and Ireland",
        time_zone: "Europe/London",
        sites: &["Leeds", "Dublin", "Cardiff", "Glasgow"],
    },
    Region { name: "North America", time_zone: "America/Chicago", sites: &["Boston", "Denver", "Toronto", "Austin"] },
    Region { name: "Continental Europe", time_zone: "Europe/Berlin", sites: &["Leipzig", "Madrid", "Lyon", "Gdansk"] },
    Region { name: "Asia Pacific", time_zone: "Asia/Singapore", sites: &["Singapore", "Manila", "Sydney", "Auckland"] },
    Region { name: "India", time_zone: "Asia/Kolkata", sites: &["Pune", "Chennai", "Hyderabad", "Jaipur"] },
    Region { name: "Latin America", time_zone: "America/Bogota", sites: &["Bogota", "Lima", "Santiago", "Monterrey"] },
];

pub(super) const LEVELS: &[&str] = &["Region", "Site", "Team"];

pub(super) const QUEUE_PURPOSES: &[&str] =
    &["general", "priority", "call-backs", "chat", "mail", "escalations", "Spanish", "French", "business"];

pub(super) const OUTSIDE: &[&str] =
    &["Warehouse", "Courier desk", "Bank", "Translation line", "On-call engineer", "Insurer", "Locksmith", "Reception"];

pub(super) const MODULES: &[(&str, &str)] = &[
    ("Authenticate customer", "Asks for the customer number and checks it"),
    ("Look up order", "Finds the order that the customer asks about"),
    ("Take payment", "Takes a card payment"),
    ("Book call-back", "Offers a call-back and books it"),
    ("Check opening hours", "Says whether the team is open"),
    ("Send confirmation", "Sends what was agreed by mail"),
    ("Change address", "Takes down a new address"),
    ("Refund", "Refunds an order up to the limit"),
];

pub(super) const FIRST: &[&str] = &[
    "Ada", "Aisha", "Alan", "Amara", "Ana", "Anil", "Ben", "Bianca", "Bruno", "Chloe", "Daan", "Dara", "David", "Dina",
    "Elena", "Elif", "Emeka", "Emma", "Farah", "Femi", "Finn", "Freya", "Gita", "Grace", "Hana", "Hugo", "Ines",
    "Ivan", "Jana", "Jin", "Jonas", "Julia", "Kai", "Kofi", "Lara", "Leon", "Lucia", "Luka", "Maya", "Mei", "Mila",
    "Mo", "Nadia", "Nia", "Noah", "Olga", "Omar", "Owen", "Paula", "Petra", "Priya", "Rafael", "Ravi", "Rosa", "Ruth",
    "Sam", "Sara", "Sofia", "Tariq", "Theo", "Uma", "Vera", "Yusuf", "Zoe",
];

pub(super) const LAST: &[&str] = &[
    "Abbott",
    "Adeyemi",
    "Ahmed",
    "Alvarez",
    "Andersen",
    "Baker",
    "Banerjee",
    "Bauer",
    "Bianchi",
    "Brown",
    "Byrne",
    "Castro",
    "Chen",
    "Clarke",
    "Costa",
    "Cruz",
    "Davies",
    "Dubois",
    "Evans",
    "Fernandez",
    "Fischer",
    "Flores",
    "Garcia",
    "Gupta",
    "Haas",
    "Hansen",
    "Hughes",
    "Ivanova",
    "Jansen",
    "Jones",
    "Kaya",
    "Khan",
    "Kim",
    "Kowalski",
    "Larsen",
    "Lee",
    "Lopez",
    "Martin",
    "Mensah",
    "Meyer",
    "Moreau",
    "Murphy",
    "Nair",
    "Nguyen",
    "Novak",
    "Okafor",
    "Patel",
    "Pereira",
    "Popescu",
    "Reid",
    "Rossi",
    "Sato",
    "Schmidt",
    "Silva",
    "Singh",
    "Smith",
    "Tan",
    "Taylor",
    "Tran",
    "Walker",
    "Weber",
    "Wilson",
    "Wong",
    "Young",
];

/// The word at a place, counting round.
pub(super) fn word(list: &[&'static str], at: usize) -> &'static str {
    at.checked_rem(list.len()).and_then(|at| list.get(at)).copied().unwrap_or_default()
}

/// Names that were given, so that none is given twice.
#[derive(Default)]
pub(super) struct Given(HashMap<String, usize>);

impl Given {
    /// The name, followed by a number from the second time on.
    pub(super) fn unique(&mut self, name: &str, before_number: &str) -> String {
        let times = self.0.entry(name.to_owned()).or_default();
        *times += 1;
        match *times {
            1 => name.to_owned(),
            times => format!("{name}{before_number}{times}"),
        }
    }
}
