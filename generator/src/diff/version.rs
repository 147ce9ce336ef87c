//! The next version of a crate.

use std::{fmt, str::FromStr};

use super::Verdict;

/// The part of a version to increment (Semantic Versioning 2.0.0).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Bump {
    /// Nothing changed for code.
    Patch,
    /// There are additions.
    Minor,
    /// There are breaking changes.
    Major,
}

impl From<Verdict> for Bump {
    fn from(verdict: Verdict) -> Self {
        match verdict {
            Verdict::Invisible => Self::Patch,
            Verdict::Additive => Self::Minor,
            Verdict::Breaking => Self::Major,
        }
    }
}

impl Bump {
    /// Returns the name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Patch => "patch",
            Self::Minor => "minor",
            Self::Major => "major",
        }
    }

    /// Returns the part to increment while the major version is 0. Cargo treats the leftmost non-zero number as the
    /// major version.
    #[must_use]
    pub fn before_one(self) -> Self {
        match self {
            Self::Major => Self::Minor,
            Self::Minor | Self::Patch => Self::Patch,
        }
    }
}

/// The version of a crate, without pre-release and build.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Version(u64, u64, u64);

impl Version {
    /// Returns the next version that may have such changes; `None` if a number overflows.
    #[must_use]
    pub fn after(self, bump: Bump) -> Option<Self> {
        let Self(major, minor, patch) = self;
        let bump = if major == 0 { bump.before_one() } else { bump };
        Some(match bump {
            Bump::Major => Self(major.checked_add(1)?, 0, 0),
            // In 0.0.z each version is incompatible with the others.
            Bump::Minor if (major, minor) == (0, 0) => Self(0, 0, patch.checked_add(1)?),
            Bump::Minor => Self(major, minor.checked_add(1)?, 0),
            Bump::Patch => Self(major, minor, patch.checked_add(1)?),
        })
    }
}

impl FromStr for Version {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let numbers: Option<Vec<u64>> = text.split('.').map(|part| part.parse().ok()).collect();
        match numbers.as_deref() {
            Some(&[major, minor, patch]) => Ok(Self(major, minor, patch)),
            _ => Err("expected three numbers, for example 0.4.1".to_owned()),
        }
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}.{}", self.0, self.1, self.2)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_go_up_as_cargo_compares_them() {
        for (version, bump, next) in [
            ("1.4.2", Bump::Major, "2.0.0"),
            ("1.4.2", Bump::Minor, "1.5.0"),
            ("1.4.2", Bump::Patch, "1.4.3"),
            ("0.4.2", Bump::Major, "0.5.0"),
            ("0.4.2", Bump::Minor, "0.4.3"),
            ("0.0.2", Bump::Major, "0.0.3"),
            ("0.0.2", Bump::Patch, "0.0.3"),
        ] {
            let after = version
                .parse::<Version>()
                .map(|version| version.after(bump));
            let after = after.map(|after| after.map(|version| version.to_string()));
            assert_eq!(after, Ok(Some(next.to_owned())), "{version}");
        }
        assert!("1.2".parse::<Version>().is_err());
        assert_eq!(Version(u64::MAX, 0, 0).after(Bump::Major), None);
    }
}
