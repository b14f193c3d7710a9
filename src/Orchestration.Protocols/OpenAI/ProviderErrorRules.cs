using Orchestration.Contracts.Errors.V1;

namespace Orchestration.Protocols.OpenAI;

/// <summary>What a vendor's errors mean; data of its profile. They come before the general meanings.</summary>
public sealed record ProviderErrorRules
{
    /// <summary>A vendor without errors of its own.</summary>
    public static ProviderErrorRules None { get; } = new();

    /// <summary>Codes and types, exactly as the vendor writes them. One without a point also stands for those that begin with it and a point.</summary>
    public IReadOnlyDictionary<string, FailureClass> Codes { get; init; } = new Dictionary<string, FailureClass>();

    /// <summary>Texts, for codes and statuses that mean several things. The first that fits wins, before the codes.</summary>
    public IReadOnlyList<ProviderErrorText> Texts { get; init; } = [];

    /// <summary>Statuses that mean something else than usual; they decide where nothing in the body does.</summary>
    public IReadOnlyDictionary<int, FailureClass> Statuses { get; init; } = new Dictionary<int, FailureClass>();

    /// <summary>True when the vendor's own code stands in parentheses at the end of the message: "insufficient balance (1008)".</summary>
    public bool CodeEndsMessage { get; init; }

    /// <summary>What the vendor means by an error; null when it says no more than others.</summary>
    internal FailureClass? Find(int status, ProviderErrorBody error)
    {
        foreach (var text in Texts)
        {
            var fits = (text.Status == 0 || text.Status == status) && (text.Code.Length == 0 || text.Code == error.Code || text.Code == error.Type)
                && error.Message.Contains(text.Contains, StringComparison.OrdinalIgnoreCase);
            if (fits)
                return text.Class;
        }

        if (Codes.TryGetValue(error.Code, out var own) || (CodeEndsMessage && Codes.TryGetValue(error.CodeAtEnd, out own))
            || Codes.TryGetValue(Family(error.Code), out own) || Codes.TryGetValue(error.Type, out own))
            return ProviderErrorCodes.Narrow(own, error.Message);
        return null;
    }

    internal FailureClass OfStatus(int status) => Statuses.TryGetValue(status, out var own) ? own : ProviderErrorCodes.OfStatus(status);

    // "InvalidParameter" of "InvalidParameter.TopP".
    private static string Family(string code) => code.IndexOf('.', StringComparison.Ordinal) is > 0 and var point ? code[..point] : "";
}

/// <summary>The meaning of a text in an error's message.</summary>
/// <param name="Contains">Text that must occur, whatever its case.</param>
/// <param name="Class">What the error then is.</param>
/// <param name="Status">Status that it must have; 0 for any.</param>
/// <param name="Code">Code or type that it must have; empty for any.</param>
public sealed record ProviderErrorText(string Contains, FailureClass Class, int Status = 0, string Code = "");
