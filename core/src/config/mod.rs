//! Managed configuration: raw values become typed values; layers, provenance, change sets, feedback.
//! Never touches the network or the store.
