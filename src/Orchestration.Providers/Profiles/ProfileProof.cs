namespace Orchestration.Providers.Profiles;

/// <summary>How far a profile is proven.</summary>
/// <param name="Status">Against what it was run.</param>
/// <param name="Date">Day of the last run against the vendor itself; absent for the others.</param>
internal sealed record ProfileProof(ProofStatus Status = ProofStatus.Simulator, DateOnly? Date = null);

/// <summary>Against what a profile was run.</summary>
internal enum ProofStatus
{
    /// <summary>Against the simulator, which follows the vendor's documentation.</summary>
    Simulator,

    /// <summary>Against answers that were recorded at the vendor.</summary>
    Recorded,

    /// <summary>Against the vendor, on the day that is named.</summary>
    Live,
}
