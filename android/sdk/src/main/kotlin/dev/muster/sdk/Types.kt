// The names under which apps use what the native library brings. Nothing else of dev.muster.ffi is
// meant for them.
package dev.muster.sdk

// What a state is made of.

/** The one thing to know. */
public typealias Headline = dev.muster.ffi.Headline

/** How good or bad something is. */
public typealias Tone = dev.muster.ffi.Tone

/** One line beneath the headline. */
public typealias StatusLine = dev.muster.ffi.StatusLine

/** What such a line is about. */
public typealias StatusLineKind = dev.muster.ffi.StatusLineKind

/** The licence: phase, holds, prompt. */
public typealias LicenceState = dev.muster.ffi.LicenceState

/** Where the phone stands. */
public typealias LicencePhase = dev.muster.ffi.LicencePhase

/** A reason to hide the contacts, in words. */
public typealias HoldState = dev.muster.ffi.HoldState

/** A reason to hide the contacts. */
public typealias LicenceHold = dev.muster.ffi.LicenceHold

/** What the person is asked for, in words. */
public typealias PromptState = dev.muster.ffi.PromptState

/** What the person is asked for. */
public typealias LicencePrompt = dev.muster.ffi.LicencePrompt

/** Why a phone is erased. */
public typealias EraseCause = dev.muster.ffi.EraseCause

/** The phone as a whole, by the company's rules. */
public typealias ComplianceState = dev.muster.ffi.ComplianceState

/** The company. */
public typealias Organization = dev.muster.ffi.Organization

/** The person, as far as the configuration says. */
public typealias Person = dev.muster.ffi.Person

/** The contacts: how many, and whether they can be read. */
public typealias ContactsState = dev.muster.ffi.ContactsState

/** An address book that could not be brought up to date. */
public typealias BookTrouble = dev.muster.ffi.BookTrouble

/** Something that is wrong with the phone, and what helps. */
public typealias FindingState = dev.muster.ffi.FindingState

/** How severe a finding is. */
public typealias FindingSeverity = dev.muster.ffi.FindingSeverity

/** What helps against a finding. */
public typealias FindingButton = dev.muster.ffi.FindingButton

/** What a button opens: one of the four below, or the place where this app is signed in to. */
public typealias ButtonTarget = dev.muster.ffi.ButtonTarget

/** A page that the server named. */
public typealias PageTarget = dev.muster.ffi.ButtonTarget.Page

/** A place of the phone. */
public typealias PhoneTarget = dev.muster.ffi.ButtonTarget.Phone

/** The company's support. */
public typealias SupportTarget = dev.muster.ffi.ButtonTarget.Support

/** Where this app is signed in to. */
public typealias SignInTarget = dev.muster.ffi.ButtonTarget.SignIn

/** Which place of the phone. */
public typealias MendAction = dev.muster.ffi.MendAction

/** Something that failed and was not mended since. */
public typealias Problem = dev.muster.ffi.Problem

/** Which part of the agent a problem belongs to. */
public typealias ProblemArea = dev.muster.ffi.ProblemArea

/** Reports on their way. */
public typealias OutboxStatus = dev.muster.ffi.OutboxStatus

/** The settings that concern a screen, each with whether the company decided it. */
public typealias ScreenSettings = dev.muster.ffi.ScreenSettings

/** Something that is on or off. */
public typealias FlagSetting = dev.muster.ffi.FlagSetting

/** A word. */
public typealias WordSetting = dev.muster.ffi.WordSetting

/** Where colleagues appear, and who decided it. */
public typealias ContactsModeSetting = dev.muster.ffi.ContactsModeSetting

/** Where colleagues appear. */
public typealias ContactsMode = dev.muster.ffi.ContactsMode

/** One way to reach the support. */
public typealias SupportChannel = dev.muster.ffi.SupportChannel

/** A kind of way to reach the support. */
public typealias SupportKind = dev.muster.ffi.SupportKind

/** A message to a person: what happened, and what to do next. */
public typealias Words = dev.muster.ffi.Words

// People.

/** The people on the phone. */
public typealias MusterDirectory = dev.muster.ffi.MusterDirectory

/** A contact that was found. */
public typealias SearchHit = dev.muster.ffi.SearchHit

/** A stretch of a field that a word of the query matched. */
public typealias MatchedRange = dev.muster.ffi.MatchedRange

/** A field of a contact. */
public typealias MatchedField = dev.muster.ffi.MatchedField

/** A contact as it is shown. */
public typealias Contact = dev.muster.ffi.Contact

/** A phone number. */
public typealias ContactPhone = dev.muster.ffi.ContactPhone

/** What a phone number is for. */
public typealias PhoneKind = dev.muster.ffi.PhoneKind

/** An e-mail address. */
public typealias ContactEmail = dev.muster.ffi.ContactEmail

/** What an e-mail address is for. */
public typealias PlaceKind = dev.muster.ffi.PlaceKind

/** Something known of somebody. */
public typealias ContactDetail = dev.muster.ffi.ContactDetail

/** What such a detail is about. */
public typealias ContactDetailKind = dev.muster.ffi.ContactDetailKind

/** Who calls. */
public typealias CallerResult = dev.muster.ffi.CallerResult

/** How many people a number belongs to. */
public typealias CallerMatch = dev.muster.ffi.CallerMatch

/** Somebody a number belongs to. */
public typealias CallerContact = dev.muster.ffi.CallerContact

// Ways in.

/** What shows that a person may activate a phone: one of the five below. */
public typealias Evidence = dev.muster.ffi.Evidence

/** The code of an activation link or QR code. */
public typealias ActivationCode = dev.muster.ffi.Evidence.ActivationCode

/** Licence credentials. */
public typealias LicenceCredentials = dev.muster.ffi.Evidence.Credentials

/** An e-mail address and the company's passcode. */
public typealias EmailPasscode = dev.muster.ffi.Evidence.EmailPasscode

/** The public code of an organisation. */
public typealias OrganizationCode = dev.muster.ffi.Evidence.OrganizationCode

/** Sign-in on a page of the company, in the person's browser. */
public typealias BrowserSignIn = dev.muster.ffi.Evidence.Browser

/** Whether a link can be used: one of the two below. */
public typealias LinkVerdict = dev.muster.ffi.LinkVerdict

/** A link that can be used. */
public typealias UsableLink = dev.muster.ffi.LinkVerdict.Usable

/** A link that can't. */
public typealias RefusedLink = dev.muster.ffi.LinkVerdict.Refused

/** What an activation link says, for the person to confirm. */
public typealias LinkPreview = dev.muster.ffi.LinkPreview

// Errors.

/** Why a call did not work: one of those below. */
public typealias MusterException = dev.muster.ffi.MusterException

/** Another agent has the profile open. */
public typealias InUseException = dev.muster.ffi.MusterException.InUse

/** There are no contacts to be read now; the state says why. */
public typealias LockedException = dev.muster.ffi.MusterException.Locked

/** There is no such contact, or it has no photo. */
public typealias NotFoundException = dev.muster.ffi.MusterException.NotFound

/** The agent met an error in itself. */
public typealias BrokenException = dev.muster.ffi.MusterException.Broken

/** The agent was closed. */
public typealias ClosedException = dev.muster.ffi.MusterException.Closed

/** There is no room left on the phone. */
public typealias FullException = dev.muster.ffi.MusterException.Full

/** The agent's folder can't be used. */
public typealias StoreException = dev.muster.ffi.MusterException.Store

/** What was handed over makes no sense. */
public typealias InvalidInputException = dev.muster.ffi.MusterException.InvalidInput

/** What was handed over is too much. */
public typealias OverLimitException = dev.muster.ffi.MusterException.OverLimit

// What the parts of the agent speak: for apps that bring their own, and for tests. The kinds of each
// are members of the original.

/** A moment. */
public typealias Now = dev.muster.ffi.Now

/** A key operation. */
public typealias VaultOp = dev.muster.ffi.VaultOp

/** What became of it. */
public typealias VaultOutcome = dev.muster.ffi.VaultOutcome

/** An HTTP request, to be run exactly as it stands. */
public typealias HttpRequest = dev.muster.ffi.HttpRequest

/** A header field. */
public typealias HttpHeader = dev.muster.ffi.HttpHeader

/** Why there is no answer. */
public typealias HttpFailure = dev.muster.ffi.HttpFailure

/** A desired result on the phone. */
public typealias PhoneEffect = dev.muster.ffi.PhoneEffect

/** What became of it. */
public typealias EffectOutcome = dev.muster.ffi.EffectOutcome

/** The managed configuration, whole. */
public typealias ManagedConfiguration = dev.muster.ffi.Event.Configuration

/** Something that is known of the phone. */
public typealias SignalKind = dev.muster.ffi.SignalKind

/** What is known. */
public typealias SignalReading = dev.muster.ffi.SignalReading

/** How much is logged. */
public typealias LogLevel = dev.muster.ffi.LogLevel
