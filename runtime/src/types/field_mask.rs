//! `google-fieldmask`

super::text_type! {
    /// Names of fields, separated by commas: format `google-fieldmask`, for instance `displayName,config.nodeCount`.
    ///
    /// ```
    /// use gapi_runtime::FieldMask;
    ///
    /// let mask = FieldMask::from_paths(["displayName", "config.nodeCount"]);
    /// assert_eq!(mask.as_str(), "displayName,config.nodeCount");
    /// assert_eq!(mask.paths().count(), 2);
    /// assert_eq!(mask.into_string(), "displayName,config.nodeCount");
    /// ```
    FieldMask, "a field mask", "google.protobuf.FieldMask"
}

impl FieldMask {
    /// Creates the mask of these paths.
    pub fn from_paths(paths: impl IntoIterator<Item = impl AsRef<str>>) -> Self {
        let mut mask = String::new();
        for path in paths {
            if !mask.is_empty() {
                mask.push(',');
            }
            mask.push_str(path.as_ref());
        }
        Self(mask)
    }

    /// Returns the paths, without white space around them.
    pub fn paths(&self) -> impl Iterator<Item = &str> {
        self.0
            .split(',')
            .map(str::trim)
            .filter(|path| !path.is_empty())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_and_back() {
        assert_eq!(FieldMask::from_paths(["a", "b.c"]).as_str(), "a,b.c");
        assert_eq!(FieldMask::from_paths([""; 0]).as_str(), "");
        assert_eq!(
            FieldMask::from("a, b.c,").paths().collect::<Vec<_>>(),
            ["a", "b.c"]
        );
        assert_eq!(FieldMask::from("").paths().count(), 0);
    }
}
