using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Orchestration.Routing;

/// <summary>Settings of the process; everything that is decided at run time is policy.</summary>
internal sealed class RoutingOptions
{
    public const string SectionName = "Routing";

    /// <summary>Marks a production environment: no simulated deployment is made, and the service does not start without real ones.</summary>
    public bool Production { get; set; }

    /// <summary>Folder of the last state that was good; empty means that none is kept.</summary>
    public string DataDirectory { get; set; } = "";

    /// <summary>YAML file with the policy that a start of the system puts in force; empty leaves the store's policy as it is.</summary>
    public string PolicyFile { get; set; } = "";

    /// <summary>How long the first table waits to hear which vendors have credentials.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:05:00")]
    public TimeSpan VendorWait { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How often the store is asked whether policy, catalogue or prices changed.</summary>
    [Range(typeof(TimeSpan), "00:00:00.050", "00:01:00")]
    public TimeSpan PollInterval { get; set; } = TimeSpan.FromMilliseconds(500);
}

[OptionsValidator]
internal sealed partial class RoutingOptionsValidator : IValidateOptions<RoutingOptions>;
