#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| lanyard_fuzz::page_token(input));
