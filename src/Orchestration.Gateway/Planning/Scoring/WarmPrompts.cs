namespace Orchestration.Gateway.Planning.Scoring;

/// <summary>Where sessions and beginnings of prompts were answered last. As many as there are places; later ones push earlier ones out.</summary>
internal sealed class WarmPrompts(TimeProvider timeProvider)
{
    private const int Places = 1 << 15;

    /// <summary>Providers keep prompts warm for five to ten minutes.</summary>
    private static readonly TimeSpan WarmFor = TimeSpan.FromMinutes(5);

    /// <summary>A session without a request for this long may go elsewhere.</summary>
    private static readonly TimeSpan StickyFor = TimeSpan.FromHours(1);

    private readonly Place?[] _places = new Place?[Places];

    /// <summary>The deployment whose prompt cache should have it; null when none has.</summary>
    public string? FindWarm(ulong key) => Find(key, WarmFor);

    /// <summary>The deployment that a session stays on; null when it has none.</summary>
    public string? FindSticky(ulong key) => Find(key, StickyFor);

    public void Remember(ulong key, string deployment)
    {
        if (key != 0)
            Volatile.Write(ref _places[key % Places], new Place(key, deployment, timeProvider.GetTimestamp()));
    }

    private string? Find(ulong key, TimeSpan age)
    {
        if (key == 0 || Volatile.Read(ref _places[key % Places]) is not { } place || place.Key != key)
            return null;
        return timeProvider.GetElapsedTime(place.At) <= age ? place.Deployment : null;
    }

    private sealed record Place(ulong Key, string Deployment, long At);
}
