using System.Text.Json;
using System.Text.Json.Nodes;

namespace Orchestration.Simulator.Vendors;

/// <summary>The files of wires: each extends another, down to the generic one, and may hold variants of itself.</summary>
internal static class WireFiles
{
    private const string Root = "generic";
    private const string Extends = "extends";
    private const string Variants = "variants";

    /// <summary>The wire of a vendor and its variants by name; the vendor's own wire has the empty name.</summary>
    public static IReadOnlyDictionary<string, VendorWire> Load(string vendor)
    {
        var json = Resolve(Exists(vendor) ? vendor : Root);
        var variants = json[Variants]?.AsObject() ?? [];
        json.Remove(Variants);
        var wires = new Dictionary<string, VendorWire> { [""] = Read(json, vendor) };
        foreach (var (name, changes) in variants)
            wires[name] = Read(Overlay(json.DeepClone().AsObject(), changes!.AsObject()), $"{vendor}/{name}");
        return wires;
    }

    private static JsonObject Resolve(string name)
    {
        using var stream = Open(name) ?? throw new InvalidOperationException($"There is no wire '{name}'.");
        var json = JsonNode.Parse(stream, documentOptions: new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip })!.AsObject();
        var parent = json[Extends]?.GetValue<string>() ?? (name == Root ? null : Root);
        json.Remove(Extends);
        if (parent is null)
            return json;
        var inherited = Resolve(parent);
        inherited.Remove(Variants);
        return Overlay(inherited, json);
    }

    /// <summary>Members of <paramref name="changes"/> take the place of the same ones; false takes one away. Deltas and errors are laid over each other.</summary>
    private static JsonObject Overlay(JsonObject wire, JsonObject changes)
    {
        foreach (var (name, value) in changes)
        {
            if (value is JsonValue flag && flag.TryGetValue<bool>(out var kept) && !kept)
                wire.Remove(name);
            else if (name is "deltas" or "errors" && wire[name] is JsonObject inner)
                wire[name] = Overlay(inner.DeepClone().AsObject(), value!.AsObject());
            else
                wire[name] = value?.DeepClone();
        }
        return wire;
    }

    private static VendorWire Read(JsonObject json, string name)
    {
        try
        {
            return json.Deserialize(SimulatorJsonContext.Default.VendorWire)!;
        }
        catch (Exception error) when (error is JsonException or ArgumentException)
        {
            throw new InvalidOperationException($"The wire '{name}' is wrong: {error.Message}", error);
        }
    }

    private static bool Exists(string name) => typeof(WireFiles).Assembly.GetManifestResourceInfo(Resource(name)) is not null;

    private static Stream? Open(string name) => typeof(WireFiles).Assembly.GetManifestResourceStream(Resource(name));

    private static string Resource(string name) => $"wires/{name}.json";
}
