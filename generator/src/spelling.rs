//! Suggestions for mistyped names.

/// The maximum length of names that are compared letter by letter.
const LONGEST: usize = 120;

/// Returns the name that ends with `target`, or else the most similar one; `None` if none is similar.
///
/// ```
/// use gapi_generator::spelling::closest;
///
/// let names = ["instances", "databases"].map(str::to_owned);
/// assert_eq!(closest(names, "instance").as_deref(), Some("instances"));
/// ```
#[must_use]
pub fn closest(names: impl IntoIterator<Item = String>, target: &str) -> Option<String> {
    let wanted = target.to_lowercase();
    if wanted.is_empty() || wanted.len() > LONGEST {
        return None;
    }
    let allowed = 2.max(wanted.chars().count() / 4);
    let judged = names
        .into_iter()
        .filter(|name| name.len() <= LONGEST)
        .filter_map(|name| {
            let folded = name.to_lowercase();
            let end = folded.strip_suffix(&wanted);
            let distance = match end {
                Some(start) if start.is_empty() || start.ends_with('.') => 0,
                _ => distance(&folded, &wanted),
            };
            (distance <= allowed).then_some((distance, name))
        });
    judged
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, name)| name)
}

/// Returns the number of letters to add, remove or change (Levenshtein distance).
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.chars().enumerate() {
        // The values to the upper left and to the left.
        let (mut corner, mut left) = (i, i + 1);
        for (cell, y) in row.iter_mut().skip(1).zip(&b) {
            let changed = corner + usize::from(x != *y);
            corner = *cell;
            left = changed.min(left + 1).min(corner + 1);
            *cell = left;
        }
        if let Some(first) = row.first_mut() {
            *first = i + 1;
        }
    }
    row.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::{closest, distance};

    #[test]
    fn distances_count_letters() {
        for (a, b, letters) in [
            ("", "", 0),
            ("", "abc", 3),
            ("abc", "", 3),
            ("kitten", "sitting", 3),
            ("list", "lits", 2),
            ("größe", "grosse", 3),
        ] {
            assert_eq!(distance(a, b), letters, "{a} {b}");
            assert_eq!(distance(b, a), letters, "{b} {a}");
        }
    }

    #[test]
    fn the_closest_name_is_near_or_ends_alike() {
        let names = ["projects", "projects.instances", "projects.instances.get"];
        for (target, wanted) in [
            ("project", Some("projects")),
            ("instances", Some("projects.instances")),
            ("Projects.Instance", Some("projects.instances")),
            ("projects.instances.got", Some("projects.instances.get")),
            ("zebra", None),
            ("", None),
        ] {
            let found = closest(names.map(str::to_owned), target);
            assert_eq!(found.as_deref(), wanted, "{target}");
        }
    }
}
