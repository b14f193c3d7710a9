namespace Orchestration.Providers.Profiles;

/// <summary>What to do with an upstream read that nobody waits for.</summary>
/// <param name="Mode">Read on under a cap, or cancel and estimate.</param>
/// <param name="Seconds">Longest time to read on.</param>
/// <param name="Tokens">Most generated tokens to read on for.</param>
internal sealed record DisconnectPolicy(DisconnectMode Mode = DisconnectMode.Drain, int Seconds = 10, int Tokens = 2000);

/// <summary>The two ways to treat an upstream read that nobody waits for.</summary>
internal enum DisconnectMode
{
    Drain,
    Cancel,
}
