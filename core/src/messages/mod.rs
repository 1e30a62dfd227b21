//! What people read, in English, German and Swedish.
