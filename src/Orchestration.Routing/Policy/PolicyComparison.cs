using Orchestration.Contracts.Routing.V1;
using YamlDotNet.RepresentationModel;

namespace Orchestration.Routing.Policy;

/// <summary>What differs between two versions: member by member, and line by line.</summary>
internal static class PolicyComparison
{
    public static PolicyDiff Compare(PolicyTexts from, PolicyTexts to)
    {
        var diff = new PolicyDiff();
        var tenants = from.Overlays.Keys.Union(to.Overlays.Keys).Order(StringComparer.Ordinal).Prepend("");
        foreach (var tenant in tenants)
        {
            var (before, after) = (TextOf(from, tenant), TextOf(to, tenant));
            if (before == after) continue;
            diff.Changes.AddRange(Changes(tenant, Members(before), Members(after)));
            diff.Text += TextDiff.Unified(tenant.Length == 0 ? "installation" : $"overlay/{tenant}", before, after);
        }

        return diff;
    }

    private static string TextOf(PolicyTexts texts, string tenant) => tenant.Length == 0 ? texts.Installation : texts.Overlays.GetValueOrDefault(tenant, "");

    private static IEnumerable<PolicyChange> Changes(string tenant, SortedDictionary<string, string> before, SortedDictionary<string, string> after) =>
        before.Keys.Union(after.Keys).Order(StringComparer.Ordinal)
            .Select(path => new PolicyChange { TenantId = tenant, Path = path, Before = before.GetValueOrDefault(path, ""), After = after.GetValueOrDefault(path, "") })
            .Where(change => change.Before != change.After);

    private static SortedDictionary<string, string> Members(string yaml)
    {
        var members = new SortedDictionary<string, string>(StringComparer.Ordinal);
        if (yaml.Length == 0) return members;
        var stream = new YamlStream();
        stream.Load(new StringReader(yaml));
        Collect(stream.Documents[0].RootNode, "", members);
        return members;
    }

    private static void Collect(YamlNode node, string path, SortedDictionary<string, string> members)
    {
        switch (node)
        {
            case YamlMappingNode mapping:
                foreach (var (key, value) in mapping.Children) Collect(value, path.Length == 0 ? key.ToString() : $"{path}.{key}", members);
                break;
            case YamlSequenceNode sequence:
                for (var i = 0; i < sequence.Children.Count; i++) Collect(sequence.Children[i], $"{path}[{i}]", members);
                break;
            case YamlScalarNode scalar:
                members[path] = scalar.Value ?? "";
                break;
        }
    }
}
