//! Values without a description in the document. They are preserved exactly.

use serde_json::{Map, Value};

use super::{
    Builder,
    class::{Class, Kind},
};

/// The nesting depth of a deep value.
const DEEP: usize = 30;

impl Builder<'_> {
    /// Writes any JSON.
    pub(super) fn any(&mut self) -> Value {
        self.counts.kind(Kind::Any);
        let room = super::MAX_DEPTH.saturating_sub(self.depth);
        if room >= DEEP && self.random.one_in(32) {
            self.counts.class(Class::DeepAny);
            return self.json(DEEP, true);
        }
        let value = self.json(room.min(3), false);
        if value.is_null() {
            self.counts.class(Class::NullInAny);
        }
        value
    }

    /// Writes JSON of at most `depth` levels. A deep value has all of them.
    fn json(&mut self, depth: usize, is_deep: bool) -> Value {
        if depth == 0 {
            return self.json_scalar();
        }
        if is_deep {
            return if self.random.one_in(2) {
                self.json_list(depth, true)
            } else {
                self.json_object(depth, true)
            };
        }
        match self.random.below(8) {
            0 | 1 => self.json_list(depth, false),
            2 | 3 => self.json_object(depth, false),
            _ => self.json_scalar(),
        }
    }

    fn json_scalar(&mut self) -> Value {
        match self.random.below(8) {
            0 => self.literal("null", Value::Null),
            1 => self.literal("true", true.into()),
            2 => {
                self.counts.class(Class::ExtremeInAny);
                let extremes = [Value::from(u64::MAX), i64::MIN.into(), i64::MAX.into()];
                let value = self.random.pick(&extremes).cloned().unwrap_or_default();
                self.literal(&value.to_string(), value)
            }
            3 => {
                let numbers = [
                    Value::from(0),
                    (-1).into(),
                    1.0.into(),
                    (-0.0).into(),
                    1e300.into(),
                    0.1.into(),
                ];
                let value = self.random.pick(&numbers).cloned().unwrap_or_default();
                self.literal(&value.to_string(), value)
            }
            _ => {
                let text = self.awkward_text();
                self.string(&text)
            }
        }
    }

    fn literal(&mut self, text: &str, value: Value) -> Value {
        self.text += text;
        value
    }

    fn json_list(&mut self, depth: usize, is_deep: bool) -> Value {
        let length = if is_deep { 1 } else { self.random.below(4) };
        let mut elements = Vec::new();
        self.open('[');
        for _ in 0..length {
            self.separate(elements.is_empty());
            elements.push(self.nested(depth, is_deep));
        }
        self.close(']');
        elements.into()
    }

    fn json_object(&mut self, depth: usize, is_deep: bool) -> Value {
        let length = if is_deep { 1 } else { self.random.below(4) };
        let mut members = Map::new();
        self.open('{');
        for name in self.unknown_names(length, None) {
            self.key(&name, members.is_empty());
            let value = self.nested(depth, is_deep);
            members.insert(name, value);
        }
        self.close('}');
        members.into()
    }

    fn nested(&mut self, depth: usize, is_deep: bool) -> Value {
        let value = self.json(depth - 1, is_deep);
        if value.is_null() {
            self.counts.class(Class::NestedNull);
        }
        value
    }
}
