//! The rules for changes.

/// The effect of a change on code that uses the crate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Verdict {
    /// No effect: only the documentation changed.
    Invisible,
    /// An addition, a warning, or another request from the same code.
    Additive,
    /// Some code no longer compiles, or has another meaning.
    Breaking,
}

impl Verdict {
    /// Returns the name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Invisible => "invisible",
            Self::Additive => "additive",
            Self::Breaking => "breaking",
        }
    }
}

/// A rule.
///
/// ```
/// use gapi_generator::diff::{Rule, Verdict};
///
/// let rule: Rule = "constructible_struct_adds_field".parse()?;
/// assert_eq!(rule.verdict(), Verdict::Breaking);
/// for rule in Rule::all().filter(|rule| !rule.is_lint()) {
///     println!("{} ({}): {}", rule.id(), rule.verdict().name(), rule.reason());
/// }
/// # Ok::<(), String>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Rule {
    /// The feature of an API is gone.
    FeatureMissing,
    /// A module is gone.
    ModuleMissing,
    /// A struct is gone.
    StructMissing,
    /// An enum is gone.
    EnumMissing,
    /// A type alias is gone.
    AliasMissing,
    /// A trait is gone.
    TraitMissing,
    /// A constant is gone.
    ConstantMissing,
    /// A function of a type is gone.
    FunctionMissing,
    /// A function of a trait is gone.
    TraitFunctionMissing,
    /// A public field is gone.
    FieldMissing,
    /// A variant is gone.
    VariantMissing,
    /// A trait is no longer implemented.
    MarkerMissing,
    /// A struct is an enum or an alias now.
    StructChangedForm,
    /// An enum is a struct or an alias now.
    EnumChangedForm,
    /// An alias is a struct or an enum now, or has another target.
    AliasChanged,
    /// A function takes more or fewer arguments.
    ArgumentCount,
    /// A function takes arguments of other types.
    ArgumentType,
    /// A function takes its arguments in another order.
    ArgumentOrder,
    /// A function returns another type.
    ReturnType,
    /// A setter of all calls takes arguments of other types.
    TraitArgumentType,
    /// A field has another type.
    FieldType,
    /// A required parameter was added.
    RequiredParameterAdded,
    /// A required parameter was removed.
    RequiredParameterMissing,
    /// A field was added to a struct that allows literals with all fields.
    FieldAdded,
    /// Another item was added.
    ItemAdded,
    /// The result of a function must now be used.
    MustUseAdded,
    /// A type is deprecated.
    TypeDeprecated,
    /// A function of a type is deprecated.
    FunctionDeprecated,
    /// A function of a trait is deprecated.
    TraitFunctionDeprecated,
    /// A field is deprecated.
    FieldDeprecated,
    /// A variant is deprecated.
    VariantDeprecated,
    /// The same code sends another request or reads another response.
    Wire,
    /// The documentation has changed.
    Documentation,
}

use Rule::{
    AliasChanged, AliasMissing, ArgumentCount, ArgumentOrder, ArgumentType, ConstantMissing,
    Documentation, EnumChangedForm, EnumMissing, FeatureMissing, FieldAdded, FieldDeprecated,
    FieldMissing, FieldType, FunctionDeprecated, FunctionMissing, ItemAdded, MarkerMissing,
    ModuleMissing, MustUseAdded, RequiredParameterAdded, RequiredParameterMissing, ReturnType,
    StructChangedForm, StructMissing, TraitArgumentType, TraitFunctionDeprecated,
    TraitFunctionMissing, TraitMissing, TypeDeprecated, VariantDeprecated, VariantMissing, Wire,
};

/// The table of rules: the id, whether cargo-semver-checks has a lint of that name, and the explanation.
const TABLE: [(Rule, &str, bool, &str); 33] = [
    (
        FeatureMissing,
        "feature_missing",
        true,
        "the feature is gone",
    ),
    (ModuleMissing, "module_missing", true, "the module is gone"),
    (StructMissing, "struct_missing", true, "the struct is gone"),
    (EnumMissing, "enum_missing", true, "the enum is gone"),
    (
        AliasMissing,
        "alias_missing",
        false,
        "the type alias is gone",
    ),
    (TraitMissing, "trait_missing", true, "the trait is gone"),
    (
        ConstantMissing,
        "pub_module_level_const_missing",
        true,
        "the constant is gone",
    ),
    (
        FunctionMissing,
        "inherent_method_missing",
        true,
        "the function is gone",
    ),
    (
        TraitFunctionMissing,
        "trait_method_missing",
        true,
        "the setter is gone",
    ),
    (
        FieldMissing,
        "struct_pub_field_missing",
        true,
        "the field is gone",
    ),
    (
        VariantMissing,
        "enum_variant_missing",
        true,
        "the variant is gone",
    ),
    (
        MarkerMissing,
        "marker_missing",
        false,
        "the trait is no longer implemented",
    ),
    (
        StructChangedForm,
        "struct_with_pub_fields_changed_type",
        true,
        "it is no longer a struct",
    ),
    (
        EnumChangedForm,
        "enum_changed_kind",
        true,
        "it is no longer an enum",
    ),
    (
        AliasChanged,
        "alias_changed",
        false,
        "the alias has another target",
    ),
    (
        ArgumentCount,
        "method_parameter_count_changed",
        true,
        "the function takes another number of arguments",
    ),
    (
        ArgumentType,
        "argument_type_changed",
        false,
        "the function takes arguments of other types",
    ),
    (
        ArgumentOrder,
        "arguments_reordered",
        false,
        "the arguments have another order",
    ),
    (
        ReturnType,
        "return_type_changed",
        false,
        "the function returns another type",
    ),
    (
        TraitArgumentType,
        "trait_argument_type_changed",
        false,
        "the setter takes another type",
    ),
    (
        FieldType,
        "field_type_changed",
        false,
        "the field has another type",
    ),
    (
        RequiredParameterAdded,
        "required_parameter_added",
        false,
        "calls must pass the parameter",
    ),
    (
        RequiredParameterMissing,
        "required_parameter_missing",
        false,
        "calls can no longer pass the parameter",
    ),
    (
        FieldAdded,
        "constructible_struct_adds_field",
        true,
        "literals without `..Default::default()` lack the field",
    ),
    (ItemAdded, "item_added", false, "the item is new"),
    (
        MustUseAdded,
        "inherent_method_must_use_added",
        true,
        "calls that ignore the result cause a warning",
    ),
    (
        TypeDeprecated,
        "type_marked_deprecated",
        true,
        "its use causes a warning",
    ),
    (
        FunctionDeprecated,
        "type_method_marked_deprecated",
        true,
        "its use causes a warning",
    ),
    (
        TraitFunctionDeprecated,
        "trait_method_marked_deprecated",
        true,
        "its use causes a warning",
    ),
    (
        FieldDeprecated,
        "struct_field_marked_deprecated",
        true,
        "its use causes a warning",
    ),
    (
        VariantDeprecated,
        "enum_variant_marked_deprecated",
        true,
        "its use causes a warning",
    ),
    (Wire, "wire", false, "the same code sends another request"),
    (
        Documentation,
        "documentation",
        false,
        "its documentation is different",
    ),
];

impl Rule {
    /// Returns every rule.
    pub fn all() -> impl Iterator<Item = Self> {
        TABLE.iter().map(|(rule, ..)| *rule)
    }

    fn row(self) -> &'static (Self, &'static str, bool, &'static str) {
        // A test checks that each rule is at its index.
        &TABLE[self as usize]
    }

    /// Returns the id. It is that of the lint of cargo-semver-checks, if there is one.
    #[must_use]
    pub fn id(self) -> &'static str {
        self.row().1
    }

    /// Returns whether cargo-semver-checks has a lint of this name.
    #[must_use]
    pub fn is_lint(self) -> bool {
        self.row().2
    }

    /// Returns the explanation of the rule.
    #[must_use]
    pub fn reason(self) -> &'static str {
        self.row().3
    }

    /// Returns the verdict of the rule.
    #[must_use]
    pub fn verdict(self) -> Verdict {
        match self {
            Documentation => Verdict::Invisible,
            ItemAdded
            | MustUseAdded
            | TypeDeprecated
            | FunctionDeprecated
            | TraitFunctionDeprecated
            | FieldDeprecated
            | VariantDeprecated
            | Wire => Verdict::Additive,
            _ => Verdict::Breaking,
        }
    }
}

impl std::str::FromStr for Rule {
    type Err = String;

    fn from_str(id: &str) -> Result<Self, String> {
        Self::all().find(|rule| rule.id() == id).ok_or_else(|| {
            let breaking = Self::all().filter(|rule| rule.verdict() == Verdict::Breaking);
            let known: Vec<&str> = breaking.map(Self::id).collect();
            format!(
                "unknown rule; the rules of breaking changes are {}",
                known.join(", ")
            )
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_rule_stands_in_its_place() {
        for (place, (rule, id, ..)) in TABLE.iter().enumerate() {
            assert_eq!(*rule as usize, place, "{id}");
            assert_eq!(id.parse(), Ok(*rule));
        }
        assert_eq!(Documentation as usize + 1, TABLE.len());
    }
}
