mod browser;
mod choose;
mod faults;
mod link;
mod offer;
mod redeem;
mod stored;
