//! Counts of the kinds and classes of values in instances. A run without a NaN, for example, does not test NaN.

use std::collections::BTreeMap;

/// The kind of a value, as the document describes it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// An object with described members.
    Struct,
    /// An object whose keys the document does not know.
    Map,
    /// An array.
    List,
    /// Any JSON.
    Any,
    /// A string with allowed values.
    Enum,
    /// A boolean.
    Bool,
    /// A 32-bit integer.
    Int32,
    /// A 32-bit integer without sign.
    Uint32,
    /// A 64-bit integer.
    Int64,
    /// A 64-bit integer without sign.
    Uint64,
    /// A number.
    Float,
    /// A string without a format.
    Text,
    /// Bytes in base64.
    Bytes,
    /// A day.
    Date,
    /// A point in time.
    Time,
    /// A span of time.
    Duration,
    /// Names of fields.
    FieldMask,
    /// A schema that contains itself.
    Recursion,
}

macro_rules! classes {
    ($($name:ident $kind:ident $label:literal)*) => {
        /// A special property of an instance or of a value in it.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub enum Class {
            $(#[doc = $label] $name,)*
        }

        impl Class {
            /// All classes.
            pub const ALL: &[Self] = &[$(Self::$name),*];

            /// Returns the kind of the values that can have this property.
            #[must_use]
            pub const fn kind(self) -> Kind {
                match self {
                    $(Self::$name => Kind::$kind,)*
                }
            }

            /// Returns the name of the class in a table of figures.
            #[must_use]
            pub const fn label(self) -> &'static str {
                match self {
                    $(Self::$name => $label,)*
                }
            }
        }
    };
}

classes! {
    Empty Struct "object without members"
    Complete Struct "object with every member"
    UnknownMember Struct "unknown member"
    ExplicitNull Struct "member that is null"
    EmptyMap Map "map without entries"
    AwkwardKey Map "map key that is no identifier"
    EmptyList List "array without elements"
    NullInAny Any "null as any value"
    NestedNull Any "null inside an any value"
    DeepAny Any "any value of 30 levels"
    ExtremeInAny Any "64-bit extreme as any value"
    KnownValue Enum "enum value of the document"
    UnknownValue Enum "unknown enum value"
    BoolAsText Bool "boolean as a string"
    ExtremeInt32 Int32 "extreme int32"
    RespelledInt32 Int32 "int32 as a string or with a fraction"
    ExtremeUint32 Uint32 "extreme uint32"
    RespelledUint32 Uint32 "uint32 as a string or with a fraction"
    ExtremeInt64 Int64 "extreme int64"
    Int64AsNumber Int64 "int64 as a number"
    ExtremeUint64 Uint64 "extreme uint64"
    Uint64AsNumber Uint64 "uint64 as a number"
    NotANumber Float "NaN"
    Infinity Float "Infinity"
    NegativeInfinity Float "-Infinity"
    NegativeZero Float "-0.0"
    ExtremeFloat Float "largest and smallest floats"
    RespelledFloat Float "float as a string or an integer"
    EmptyText Text "empty string"
    EscapedText Text "string with escapes"
    ForeignText Text "string that is not ASCII"
    StandardPadded Bytes "base64 with + or /, padded"
    StandardUnpadded Bytes "base64 with + or /, not padded"
    UrlSafePadded Bytes "base64 with - or _, padded"
    UrlSafeUnpadded Bytes "base64 with - or _, not padded"
    Day Date "date"
    NanosecondsUtc Time "nanoseconds, Z"
    NanosecondsOffset Time "nanoseconds, offset"
    NegativeDuration Duration "negative duration"
    NanosecondDuration Duration "duration with nanoseconds"
    NestedMask FieldMask "field mask with nested paths"
    DeepRecursion Recursion "recursion of 30 levels"
}

/// The number of values of a kind after which each of its classes must have occurred. The rarest class occurs about
/// once in thirty values.
const SURE: u64 = 1000;

/// The number of values of each kind and class.
#[derive(Clone, Debug, Default)]
pub struct Counts {
    kinds: BTreeMap<Kind, u64>,
    classes: BTreeMap<Class, u64>,
}

impl Counts {
    /// Counts a value.
    pub fn kind(&mut self, kind: Kind) {
        *self.kinds.entry(kind).or_default() += 1;
    }

    /// Counts a special property of a value.
    pub fn class(&mut self, class: Class) {
        *self.classes.entry(class).or_default() += 1;
    }

    /// Returns the number of values of the kind.
    #[must_use]
    pub fn values(&self, kind: Kind) -> u64 {
        self.kinds.get(&kind).copied().unwrap_or_default()
    }

    /// Returns the number of values of the class.
    #[must_use]
    pub fn of(&self, class: Class) -> u64 {
        self.classes.get(&class).copied().unwrap_or_default()
    }

    /// Adds the counts of another instance or run.
    pub fn add(&mut self, other: &Self) {
        for (kind, count) in &other.kinds {
            *self.kinds.entry(*kind).or_default() += count;
        }
        for (class, count) in &other.classes {
            *self.classes.entry(*class).or_default() += count;
        }
    }

    /// Returns the classes that did not occur, although there were more than enough values of their kind.
    #[must_use]
    pub fn missing(&self) -> Vec<Class> {
        let enough = |class: &Class| self.values(class.kind()) >= SURE;
        let missing = Class::ALL.iter().copied();
        missing
            .filter(|class| self.of(*class) == 0 && enough(class))
            .collect()
    }
}
