using Google.Protobuf.Collections;
using MimeKit;
using Orchestration.Contracts.Metrics.V1;
using Orchestration.Metrics.Alerts.Sending;
using Orchestration.ServiceDefaults.Egress;

namespace Orchestration.Metrics.Alerts.Steering;

/// <summary>Checks what operators send of a channel.</summary>
internal sealed class ChannelChecks(EgressGuard guard)
{
    public const string AllKinds = "*";
    private const int LongestName = 100;
    private const int LongestAddress = 2_000;
    private const int MostRecipients = 50;

    public ChannelOutcome.Invalid? Problem(CreateAlertChannelRequest request)
    {
        if (!AlertChannels.IsKind(request.Kind))
            return new("kind", "A channel is a webhook, e-mail, or a robot of Feishu, DingTalk or WeCom.");
        if (request.TenantId.Length > 200 || request.TenantId.Any(char.IsControl))
            return new("tenant_id", "This is no id of a tenant.");

        return Name(request.Name)
            ?? (request.Kind == AlertChannelKind.Email ? NoAddress(request) ?? Recipients(request.Recipients) : Address(request.Url))
            ?? (request.Kind != AlertChannelKind.Email && request.Recipients.Count > 0 ? new ChannelOutcome.Invalid("recipients", "Only e-mail has recipients.") : null)
            ?? Secret(request.Kind, request.Secret)
            ?? Kinds(request.AlertKinds, allowAll: false)
            ?? Language(request.Language.Length == 0 ? AlertTexts.English : request.Language);
    }

    public ChannelOutcome.Invalid? Problem(UpdateAlertChannelRequest request, AlertChannelKind kind)
    {
        if (kind == AlertChannelKind.Email && (request.HasUrl || request.HasSecret))
            return new(request.HasUrl ? "url" : "secret", "E-mail has neither address nor secret.");
        if (kind != AlertChannelKind.Email && request.Recipients.Count > 0)
            return new("recipients", "Only e-mail has recipients.");

        return (request.HasName ? Name(request.Name) : null)
            ?? (request.HasUrl ? Address(request.Url) : null)
            ?? (request.HasSecret ? Secret(kind, request.Secret) : null)
            ?? (request.Recipients.Count > 0 ? Recipients(request.Recipients) : null)
            ?? Kinds(request.AlertKinds, allowAll: true)
            ?? (request.HasLanguage ? Language(request.Language) : null);
    }

    private static ChannelOutcome.Invalid? Name(string name) =>
        name.Length is > 0 and <= LongestName && !name.Any(char.IsControl) ? null : new("name", "A name has 1 to 100 printable characters.");

    // Only what is no secret is said: the address holds a robot's token.
    private ChannelOutcome.Invalid? Address(string url)
    {
        if (url.Length is 0 or > LongestAddress || !Uri.TryCreate(url, UriKind.Absolute, out var address) || address.Fragment.Length > 0)
            return new("url", "An address is a whole one such as https://example.com/hook.");

        return guard.Permits(address) ? null : new("url", "The address may not be connected to: it must be https and public, or listed in Egress:AllowedHosts.");
    }

    private static ChannelOutcome.Invalid? NoAddress(CreateAlertChannelRequest request) =>
        request.Url.Length > 0 ? new("url", "E-mail has recipients, no address.") : null;

    private static ChannelOutcome.Invalid? Secret(AlertChannelKind kind, string secret) => kind switch
    {
        AlertChannelKind.Webhook when secret.Length < 16 || !IsVisible(secret) => new("secret", "The secret of a webhook has 16 to 256 visible ASCII characters."),
        AlertChannelKind.Feishu or AlertChannelKind.Dingtalk when !IsVisible(secret) => new("secret", "A secret has at most 256 visible ASCII characters."),
        AlertChannelKind.Email or AlertChannelKind.Wecom when secret.Length > 0 => new("secret", "This kind of channel is not signed."),
        _ => null,
    };

    private static bool IsVisible(string secret) => secret.Length <= 256 && !secret.Any(c => c is <= ' ' or > '~');

    private static ChannelOutcome.Invalid? Recipients(RepeatedField<string> recipients) =>
        recipients.Count is > 0 and <= MostRecipients && recipients.All(text => MailboxAddress.TryParse(text, out var mailbox) && mailbox.Address.Contains('@', StringComparison.Ordinal))
            ? null
            : new("recipients", "E-mail has 1 to 50 recipients such as someone@example.com.");

    private static ChannelOutcome.Invalid? Kinds(RepeatedField<string> kinds, bool allowAll) =>
        kinds.All(AlertKinds.Exists) || allowAll && kinds is [AllKinds] ? null : new("alert_kinds", "There is no such kind of alert.");

    private static ChannelOutcome.Invalid? Language(string language) =>
        language is AlertTexts.English or AlertTexts.Chinese ? null : new("language", "The language is en or zh.");
}

/// <summary>Outcome of a change to a channel.</summary>
internal abstract record ChannelOutcome
{
    private ChannelOutcome()
    {
    }

    internal sealed record Done(AlertChannel Channel) : ChannelOutcome;

    /// <param name="Param">Which member of the request.</param>
    /// <param name="Message">What is wrong with it, without its value.</param>
    internal sealed record Invalid(string Param, string Message) : ChannelOutcome;

    internal sealed record Unknown : ChannelOutcome;

    internal sealed record NameTaken : ChannelOutcome;

    internal sealed record NoMasterKey : ChannelOutcome;
}
