mod browser;
mod faults;
mod link;
mod redeem;
mod stored;
