mod browser;
mod choose;
mod faults;
mod link;
mod redeem;
mod stored;
