//! Security Command Center: mute configs are created below a location as well (`CreateMuteConfig` has six bindings). The document
//! has only those without a location, although its other methods have `…/locations/{location}/muteConfigs/{id}`.

use super::fixup::{Correction, Fixup};

/// A correction of `<parents>.muteConfigs.create`.
macro_rules! create {
    ($parents:literal) => {
        Fixup {
            documents: &["securitycenter:v1"],
            pointer: concat!(
                "/resources/",
                $parents,
                "/resources/muteConfigs/methods/create/parameters/parent"
            ),
            correction: Correction::Pattern {
                was: concat!("^", $parents, "/[^/]+$"),
                is: concat!("^", $parents, "/[^/]+(/locations/[^/]+)?$"),
            },
            source: "google/cloud/securitycenter/v1/securitycenter_service.proto",
        }
    };
}

pub(super) const FIXUPS: &[Fixup] = &[
    create!("folders"),
    create!("organizations"),
    create!("projects"),
];
