using System.Globalization;

namespace Orchestration.AppHost.Local.Running;

/// <summary>Resources, states and addresses, in columns.</summary>
internal static class StateTable
{
    public static IEnumerable<string> Render(IEnumerable<ResourceRun> runs)
    {
        var rows = runs.Select(Row).Prepend(["RESOURCE", "STATE", "AFTER", "ADDRESSES"]).ToList();
        var widths = Enumerable.Range(0, 3).Select(column => rows.Max(row => row[column].Length)).ToArray();
        return rows.Select(row => $"  {row[0].PadRight(widths[0])}  {row[1].PadRight(widths[1])}  {row[2].PadLeft(widths[2])}  {row[3]}".TrimEnd())
            .Prepend("").Append("");
    }

    private static string[] Row(ResourceRun run) =>
    [
        run.Resource.Name,
        run.State.ToString(),
        run.Took is { } took ? string.Create(CultureInfo.InvariantCulture, $"{took.TotalSeconds:0.0} s") : "",
        run.State is ResourceState.Running or ResourceState.Finished ? Addresses(run.Resource) : run.Reason,
    ];

    private static string Addresses(IResource resource) => resource is IResourceWithEndpoints { Endpoints: { Count: > 0 } endpoints }
        ? string.Join("  ", endpoints.OrderBy(endpoint => endpoint.Name != endpoint.Scheme).SelectMany(endpoint => endpoint.Ports.Select((_, replica) =>
            endpoint.Name == endpoint.Scheme ? endpoint.Url(replica) : $"{endpoint.Url(replica)} ({endpoint.Name})")))
        : "";
}
