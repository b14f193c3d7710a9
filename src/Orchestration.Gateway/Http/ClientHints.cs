using System.Globalization;
using Google.Protobuf.WellKnownTypes;
using Orchestration.Contracts.Chat.V1;
using Orchestration.Contracts.Errors.V1;
using Orchestration.Gateway.Errors;
using Orchestration.Pricing;

namespace Orchestration.Gateway.Http;

/// <summary>Wishes that clients put in headers: none of them can name a destination, a tenant or a credential.</summary>
internal static class ClientHints
{
    public const string Complexity = "x-orchestration-complexity";
    public const string CostCap = "x-orchestration-cost-cap";
    public const string DeadlineMs = "x-orchestration-deadline-ms";

    /// <summary>Name of the collection that a chat request is to be answered from.</summary>
    public const string Collection = "x-orchestration-collection";

    /// <summary>What the request wishes, in headers over its body; null when it was refused, and the client has been told why.</summary>
    public static async ValueTask<ClientWishes?> ReadAsync(HttpContext context, RoutingHints? body, string endUser)
    {
        var headers = context.Request.Headers;
        RoutingHints? hints = null;
        var (attribution, wrong) = ClientAttribution.Read(headers, endUser);
        if ((wrong ?? ReadHints(headers, body, out hints)) is not { } refused)
            return new ClientWishes(attribution!, hints, headers[Collection].ToString());
        await context.WriteFailureAsync(refused);
        return null;
    }

    /// <summary>What is wrong with a request's routing wishes, or null.</summary>
    public static Failure? Check(RoutingHints? hints)
    {
        if (hints is null)
            return null;
        if (hints.Complexity is not ("" or "simple" or "moderate" or "complex"))
            return Failures.Invalid("invalid_hint", "The complexity hint is 'simple', 'moderate' or 'complex'.", "hints.complexity");
        if (hints.Deadline is { } deadline && deadline.ToTimeSpan() <= TimeSpan.Zero)
            return Failures.Invalid("invalid_hint", "The deadline must be longer than zero.", "hints.deadline");
        return hints.CostCap is { } cap && !IsMoney(cap)
            ? Failures.Invalid("invalid_hint", "The cost cap is an amount and a currency, for example '0.05 USD'.", "hints.cost_cap")
            : null;
    }

    private static Failure? ReadHints(IHeaderDictionary headers, RoutingHints? body, out RoutingHints? hints)
    {
        hints = body;
        if (headers.TryGetValue(Complexity, out var complexity))
            (hints ??= new RoutingHints()).Complexity = complexity.ToString().ToLowerInvariant();
        if (headers.TryGetValue(DeadlineMs, out var deadline))
        {
            if (!int.TryParse(deadline, NumberStyles.None, CultureInfo.InvariantCulture, out var milliseconds) || milliseconds == 0)
                return Failures.Invalid("invalid_header", $"The header {DeadlineMs} takes a number of milliseconds above zero.");
            (hints ??= new RoutingHints()).Deadline = Duration.FromTimeSpan(TimeSpan.FromMilliseconds(milliseconds));
        }

        if (headers.TryGetValue(CostCap, out var cap))
        {
            var parts = cap.ToString().Split(' ', 2);
            (hints ??= new RoutingHints()).CostCap = new Contracts.Pricing.V1.Money { Amount = parts[0], Currency = parts.Length == 2 ? parts[1] : "" };
        }

        return Check(hints);
    }

    private static bool IsMoney(Contracts.Pricing.V1.Money money)
    {
        try
        {
            return Money.FromProto(money).Amount > 0;
        }
        catch (Exception exception) when (exception is FormatException or OverflowException or ArgumentException)
        {
            return false;
        }
    }
}

/// <summary>Wishes of one request.</summary>
/// <param name="Attribution">Whom and what it is for.</param>
/// <param name="Hints">Routing wishes; null when there are none.</param>
/// <param name="Collection">Name of the collection to answer from; empty when none was named.</param>
internal sealed record ClientWishes(ClientAttribution Attribution, RoutingHints? Hints, string Collection);
