//! Where goods come from: countries of harvest, origin and export, each different combination held once.

use foldhash::fast::FixedState;
use hashbrown::HashMap;

/// A combination of countries, as texts of [`super::Shipments::texts`]; 0 for one that is not filed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Route {
    /// Where it was harvested or taken.
    pub harvest: u32,
    /// The country of origin.
    pub origin: u32,
    /// The country it was exported from.
    pub export: u32,
}

/// A route by number.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RouteId(pub u32);

/// Routes by number, in the order in which they were met; number 0 is the one without any country.
#[derive(Clone, Debug)]
pub struct Routes {
    all: Vec<Route>,
    known: HashMap<Route, RouteId, FixedState>,
}

impl Default for Routes {
    fn default() -> Self {
        let mut routes = Self {
            all: Vec::new(),
            known: HashMap::default(),
        };
        routes.intern([0; 3]);
        routes
    }
}

impl Routes {
    /// The number of the route by harvest, origin and export.
    pub fn intern(&mut self, [harvest, origin, export]: [u32; 3]) -> RouteId {
        let route = Route {
            harvest,
            origin,
            export,
        };
        let all = &mut self.all;
        *self.known.entry(route).or_insert_with(|| {
            all.push(route);
            RouteId(u32::try_from(all.len() - 1).expect("fewer routes than shipments"))
        })
    }

    /// The countries of a route.
    pub fn get(&self, id: RouteId) -> Route {
        self.all[id.0 as usize]
    }
}
