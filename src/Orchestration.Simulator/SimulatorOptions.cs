using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Orchestration.Simulator;

/// <summary>Settings of the simulator.</summary>
internal sealed class SimulatorOptions
{
    public const string SectionName = "Simulator";

    /// <summary>Factor on every delay of the latency profiles: 1 feels like the real vendor, 0 answers at once.</summary>
    [Range(0, 1000)]
    public double Speed { get; set; } = 1;

    /// <summary>Requests that the journal remembers; older ones fall out.</summary>
    [Range(1, 5_000_000)]
    public int JournalCapacity { get; set; } = 200_000;

    /// <summary>Keys per vendor. A vendor that is listed here is strict: other keys, and unknown models, are refused.</summary>
    public Dictionary<string, string[]> Keys { get; } = [];
}

[OptionsValidator]
internal sealed partial class SimulatorOptionsValidator : IValidateOptions<SimulatorOptions>;
