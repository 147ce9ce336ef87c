//! The lints that generated modules turn off in a crate of a user.

use proc_macro2::TokenStream;
use quote::quote;

/// Emits the attribute for the file of an API. It applies to the modules below, too.
///
/// A program calls only a few methods, and rustc treats the others as dead code. The other lints are about style, which does not
/// matter in generated code. `warnings` is not in the list, so that warnings about mistakes stay.
///
/// The lints of `clippy::restriction` are those that the code of all fixtures triggers. Allowing the whole group is
/// an error (E0453) in a crate that forbids one of its lints, for example `clippy::unwrap_used`.
pub(super) fn allow() -> TokenStream {
    quote! {
        #![allow(
            dead_code,
            missing_copy_implementations,
            unnameable_types,
            unreachable_pub,
            unused_imports,
            unused_qualifications,
            clippy::all,
            clippy::nursery,
            clippy::pedantic,
            clippy::absolute_paths,
            clippy::allow_attributes,
            clippy::allow_attributes_without_reason,
            clippy::arbitrary_source_item_ordering,
            clippy::exhaustive_structs,
            clippy::field_scoped_visibility_modifiers,
            clippy::impl_trait_in_params,
            clippy::implicit_return,
            clippy::min_ident_chars,
            clippy::missing_inline_in_public_items,
            clippy::missing_trait_methods,
            clippy::module_name_repetitions,
            clippy::pub_use,
            clippy::same_name_method,
            clippy::self_named_module_files,
            clippy::std_instead_of_alloc,
            reason = "generated code: a crate may use any part of it, and nobody edits it"
        )]
    }
}
