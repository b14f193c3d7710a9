using Orchestration.Contracts.Errors.V1;
using Orchestration.Protocols.OpenAI;

namespace Orchestration.Providers.Profiles;

/// <summary>What is known of a vendor's errors besides its codes.</summary>
internal sealed record ErrorProfile
{
    /// <summary>Meanings of texts, for codes and statuses that mean several things; the first that fits wins, before the codes.</summary>
    public IReadOnlyList<ProviderErrorText> Texts { get; init; } = [];

    /// <summary>Statuses that mean something else than usual.</summary>
    public IReadOnlyDictionary<int, FailureClass> Statuses { get; init; } = new Dictionary<int, FailureClass>();

    /// <summary>True when the vendor's own code stands in parentheses at the end of the message.</summary>
    public bool CodeEndsMessage { get; init; }

    /// <summary>Together with the vendor's codes.</summary>
    public ProviderErrorRules With(IReadOnlyDictionary<string, FailureClass> codes) =>
        new() { Codes = codes, Texts = Texts, Statuses = Statuses, CodeEndsMessage = CodeEndsMessage };
}

/// <summary>Headers that tell when a limit ends, for vendors that send no <c>Retry-After</c>.</summary>
internal sealed record RetryProfile
{
    /// <summary>Headers that hold a wait: seconds, or a duration such as "1m30.5s" or "250ms". Of several the longest counts.</summary>
    public IReadOnlyList<string> ResetHeaders { get; init; } = [];
}
