namespace Orchestration.Indexing.Versions;

/// <summary>What an index of a collection is good for.</summary>
internal enum IndexVersionState
{
    /// <summary>Filled beside the live one; new documents go to both.</summary>
    Building = 1,

    /// <summary>Answers searches; one for each collection.</summary>
    Live = 2,

    /// <summary>Replaced; kept until the searches that began on it are over.</summary>
    Retired = 3,
}
