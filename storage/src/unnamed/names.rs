//! Which accounts a value names, found by writing it into nothing: every `AccountId` in it passes by, whatever stands around.

use crate::id::AccountId;
use serde::{
    Serialize, Serializer,
    ser::{
        SerializeMap, SerializeSeq, SerializeStruct, SerializeStructVariant, SerializeTuple, SerializeTupleStruct,
        SerializeTupleVariant,
    },
};
use std::fmt;

/// Calls `found` with each account that `value` names.
///
/// # Errors
/// What the value says where it refuses to be written, which no key and no record does.
pub(super) fn accounts_in(value: &impl Serialize, found: &mut dyn FnMut(AccountId)) -> Result<(), fmt::Error> {
    value.serialize(&mut Looking { found, inside: false })
}

/// Looks at what is written into it.
struct Looking<'f> {
    found: &'f mut dyn FnMut(AccountId),
    /// What comes is the number of an account.
    inside: bool,
}

/// The name of the type that is looked for, as serde knows it.
const ACCOUNT: &str = "AccountId";

macro_rules! passed_over {
    ($($name:ident($kind:ty))*) => {$(
        fn $name(self, _: $kind) -> Result<(), fmt::Error> {
            Ok(())
        }
    )*};
}

impl Serializer for &mut Looking<'_> {
    type Ok = ();
    type Error = fmt::Error;
    type SerializeSeq = Self;
    type SerializeTuple = Self;
    type SerializeTupleStruct = Self;
    type SerializeTupleVariant = Self;
    type SerializeMap = Self;
    type SerializeStruct = Self;
    type SerializeStructVariant = Self;

    passed_over! {
        serialize_bool(bool) serialize_i8(i8) serialize_i16(i16) serialize_i32(i32) serialize_i64(i64)
        serialize_u8(u8) serialize_u16(u16) serialize_u32(u32) serialize_f32(f32) serialize_f64(f64)
        serialize_char(char) serialize_str(&str) serialize_bytes(&[u8]) serialize_unit_struct(&'static str)
    }

    fn serialize_u64(self, number: u64) -> Result<(), fmt::Error> {
        if self.inside {
            (self.found)(AccountId(number));
        }
        Ok(())
    }

    fn serialize_none(self) -> Result<(), fmt::Error> {
        Ok(())
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<(), fmt::Error> {
        value.serialize(self)
    }

    fn serialize_unit(self) -> Result<(), fmt::Error> {
        Ok(())
    }

    fn serialize_unit_variant(self, _: &'static str, _: u32, _: &'static str) -> Result<(), fmt::Error> {
        Ok(())
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(self, name: &'static str, value: &T) -> Result<(), fmt::Error> {
        self.inside = name == ACCOUNT;
        value.serialize(&mut *self)?;
        self.inside = false;
        Ok(())
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        value: &T,
    ) -> Result<(), fmt::Error> {
        value.serialize(self)
    }

    fn serialize_seq(self, _: Option<usize>) -> Result<Self, fmt::Error> {
        Ok(self)
    }

    fn serialize_tuple(self, _: usize) -> Result<Self, fmt::Error> {
        Ok(self)
    }

    fn serialize_tuple_struct(self, _: &'static str, _: usize) -> Result<Self, fmt::Error> {
        Ok(self)
    }

    fn serialize_tuple_variant(self, _: &'static str, _: u32, _: &'static str, _: usize) -> Result<Self, fmt::Error> {
        Ok(self)
    }

    fn serialize_map(self, _: Option<usize>) -> Result<Self, fmt::Error> {
        Ok(self)
    }

    fn serialize_struct(self, _: &'static str, _: usize) -> Result<Self, fmt::Error> {
        Ok(self)
    }

    fn serialize_struct_variant(self, _: &'static str, _: u32, _: &'static str, _: usize) -> Result<Self, fmt::Error> {
        Ok(self)
    }
}

macro_rules! parts {
    ($($of:ident::$name:ident)*) => {$(
        impl $of for &mut Looking<'_> {
            type Ok = ();
            type Error = fmt::Error;

            fn $name<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), fmt::Error> {
                value.serialize(&mut **self)
            }

            fn end(self) -> Result<(), fmt::Error> {
                Ok(())
            }
        }
    )*};
}
parts! {
    SerializeSeq::serialize_element
    SerializeTuple::serialize_element
    SerializeTupleStruct::serialize_field
    SerializeTupleVariant::serialize_field
}

macro_rules! named_parts {
    ($($of:ident)*) => {$(
        impl $of for &mut Looking<'_> {
            type Ok = ();
            type Error = fmt::Error;

            fn serialize_field<T: Serialize + ?Sized>(&mut self, _: &'static str, value: &T) -> Result<(), fmt::Error> {
                value.serialize(&mut **self)
            }

            fn end(self) -> Result<(), fmt::Error> {
                Ok(())
            }
        }
    )*};
}
named_parts! { SerializeStruct SerializeStructVariant }

impl SerializeMap for &mut Looking<'_> {
    type Ok = ();
    type Error = fmt::Error;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<(), fmt::Error> {
        key.serialize(&mut **self)
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), fmt::Error> {
        value.serialize(&mut **self)
    }

    fn end(self) -> Result<(), fmt::Error> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::accounts_in;
    use crate::{AccountId, StatusId};
    use serde::Serialize;
    use std::collections::BTreeMap;

    #[derive(Serialize)]
    struct Row {
        number: u64,
        status: StatusId,
        author: AccountId,
        others: Vec<AccountId>,
        shape: Shape,
        by_name: BTreeMap<String, AccountId>,
        nobody: Option<AccountId>,
    }

    #[derive(Serialize)]
    enum Shape {
        Plain,
        One(AccountId),
        Two(u64, AccountId),
        Named { who: Option<AccountId>, count: u64 },
    }

    fn found(value: &impl Serialize) -> Vec<u64> {
        let mut found = Vec::new();
        accounts_in(value, &mut |id| found.push(id.0)).expect("it is written");
        found
    }

    #[test]
    fn every_account_in_a_value_is_found_and_no_other_number() {
        let row = |shape| Row {
            number: 1,
            status: StatusId(2),
            author: AccountId(3),
            others: vec![AccountId(4), AccountId(5)],
            shape,
            by_name: BTreeMap::from([("six".to_owned(), AccountId(6))]),
            nobody: None,
        };
        assert_eq!(found(&row(Shape::Plain)), [3, 4, 5, 6]);
        assert_eq!(found(&row(Shape::One(AccountId(7)))), [3, 4, 5, 7, 6]);
        assert_eq!(found(&row(Shape::Two(8, AccountId(9)))), [3, 4, 5, 9, 6]);
        assert_eq!(found(&row(Shape::Named { who: Some(AccountId(10)), count: 11 })), [3, 4, 5, 10, 6]);
        assert_eq!(found(&(AccountId(1), StatusId(2), AccountId(3), 4_u64)), [1, 3], "a key");
        assert_eq!(found(&()), [0; 0]);
    }
}
