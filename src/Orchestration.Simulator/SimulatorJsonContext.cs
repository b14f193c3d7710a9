using System.Text.Json.Serialization;
using Orchestration.Simulator.Faults;
using Orchestration.Simulator.Journal;
using Orchestration.Simulator.Keys;
using Orchestration.Simulator.Scripts;
using Orchestration.Simulator.Traffic;
using Orchestration.Simulator.Vendors;

namespace Orchestration.Simulator;

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow)]
[JsonSerializable(typeof(VendorFile))]
[JsonSerializable(typeof(VendorWire))]
[JsonSerializable(typeof(FaultRequest))]
[JsonSerializable(typeof(StreamScript))]
[JsonSerializable(typeof(VendorKey))]
[JsonSerializable(typeof(KeyRule))]
[JsonSerializable(typeof(KeyListing))]
[JsonSerializable(typeof(FaultListing))]
[JsonSerializable(typeof(JournalPage))]
[JsonSerializable(typeof(SimulatorSettings))]
[JsonSerializable(typeof(ShapeRequest))]
[JsonSerializable(typeof(Refusal))]
internal sealed partial class SimulatorJsonContext : JsonSerializerContext;

/// <summary>Why a call to the simulator's own administration was refused.</summary>
internal sealed record Refusal(string Error);
