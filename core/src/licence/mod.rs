//! The licence machine: one table, phase × event → phase, holds, consequences.
