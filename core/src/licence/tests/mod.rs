mod grace;
mod machine;
