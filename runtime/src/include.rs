//! Including the modules that a build script has generated.

/// Declares the modules of the clients that the build script of this crate has generated with `gapi_generator`: a `pub mod` for
/// each document, such as `storage_v1`, in the module that calls the macro.
///
/// ```ignore
/// gapi_runtime::include_generated!();
///
/// let storage = storage_v1::Storage::builder().build().await?;
/// ```
#[macro_export]
macro_rules! include_generated {
    () => {
        ::core::include!(::core::concat!(
            ::core::env!(
                "OUT_DIR",
                "`include_generated!` takes in what a build script has generated: see `gapi_generator::Generator`"
            ),
            "/gapi.rs"
        ));
    };
}
