namespace Orchestration.Gateway.Execution;

/// <summary>How the cache took part in an answer, as headers and ledger name it.</summary>
internal static class CacheOutcomes
{
    /// <summary>The request went past the cache.</summary>
    public const string Bypass = "bypass";
}
