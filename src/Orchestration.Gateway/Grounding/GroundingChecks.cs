using System.Buffers;
using Orchestration.Contracts.Errors.V1;
using Orchestration.Gateway.Authentication;
using Orchestration.Gateway.Errors;

namespace Orchestration.Gateway.Grounding;

/// <summary>The bounds of a wish for grounding, whichever protocol it came by.</summary>
internal static class GroundingChecks
{
    private const int LongestName = 64;
    private const int MostPassages = 50;
    private const int LeastTokens = 100;
    private const int MostTokens = 100_000;
    private const int LongestNotFound = 2_000;

    private static readonly SearchValues<char> NameCharacters = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789-");

    /// <summary>What is wrong with the wish, or with the key for it; null when nothing is.</summary>
    public static Failure? Check(Contracts.Chat.V1.Grounding wish, Caller caller)
    {
        if (wish.Collection.Length is 0 or > LongestName || wish.Collection.AsSpan().ContainsAnyExcept(NameCharacters))
            return Failures.Invalid("invalid_collection", "A collection's name has 1 to 64 lower-case letters, digits and hyphens.", "collection");
        if (wish.Limit is < 0 or > MostPassages)
            return Failures.Invalid("invalid_limit", "There may be 1 to 50 passages.", "limit");
        if (wish.ContextTokens is not 0 and (< LeastTokens or > MostTokens))
            return Failures.Invalid("invalid_context_tokens", "The passages may take 100 to 100,000 tokens.", "context_tokens");
        if (wish.NotFoundAnswer.Length > LongestNotFound)
            return Failures.Invalid("invalid_not_found_answer", "The answer for nothing found has at most 2,000 characters.", "not_found_answer");
        return caller.Access.Allows(KeyScopes.Read + wish.Collection)
            ? null
            : Failures.PermissionDenied("scope_missing", $"The API key may not do this: it lacks the scope '{KeyScopes.Read}{wish.Collection}'.");
    }
}
