using System.Text.Json;
using System.Text.Json.Nodes;
using YamlDotNet.RepresentationModel;

namespace Orchestration.Routing.Policy;

/// <summary>The published JSON schemas: what the reader of each document asks for while it reads nothing.</summary>
internal static class PolicySchema
{
    private static readonly JsonSerializerOptions Readable = new() { WriteIndented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Of the installation's document.</summary>
    public static string Installation { get; } = Describe("Policy of an Orchestration installation", section => PolicyReader.ReadDocument(section));

    /// <summary>Of a tenant's overlay.</summary>
    public static string Overlay { get; } = Describe("Overlay of one tenant over the policy", section => TenantOverlay.Read("", section));

    private static string Describe(string title, Func<YamlSection, object> read)
    {
        var node = new SchemaNode();
        read(new YamlSection(new YamlMappingNode(), "", [], node));
        var schema = new JsonObject { ["$schema"] = "https://json-schema.org/draft/2020-12/schema", ["title"] = title };
        foreach (var (name, value) in node.ToJson().ToList()) schema[name] = value?.DeepClone();
        return schema.ToJsonString(Readable) + "\n";
    }
}
