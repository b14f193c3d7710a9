using System.Text.Json.Nodes;

namespace Orchestration.Routing.Policy;

/// <summary>What the reader asks of one mapping, in the words of JSON schema. The reader itself fills it, so the two cannot differ.</summary>
internal sealed class SchemaNode
{
    private const string Durations = "^[0-9]+(ms|s|m|h)$";
    private readonly SortedDictionary<string, JsonObject> _members = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, SchemaNode> _children = new(StringComparer.Ordinal);
    private readonly SortedSet<string> _required = new(StringComparer.Ordinal);
    private readonly HashSet<string> _maybeText = new(StringComparer.Ordinal);

    public void Text(string key, bool required)
    {
        _members[key] = new JsonObject { ["type"] = new JsonArray("string", "number", "boolean") };
        if (required) _required.Add(key);
    }

    public void Integer(string key, int least, int most) => _members[key] = new JsonObject { ["type"] = "integer", ["minimum"] = least, ["maximum"] = most };

    public void Number(string key, decimal least, decimal most) => _members[key] = new JsonObject { ["type"] = "number", ["minimum"] = least, ["maximum"] = most };

    public void Flag(string key) => _members[key] = new JsonObject { ["type"] = "boolean" };

    public void Duration(string key) => _members[key] = new JsonObject { ["type"] = "string", ["pattern"] = Durations };

    public void References(string key) => _members[key] = new JsonObject { ["type"] = "array", ["items"] = new JsonObject { ["type"] = "string" } };

    public void MayBeText(string key) => _maybeText.Add(key);

    public SchemaNode Section(string key) => Child(key, new JsonObject());

    public SchemaNode List(string key) => Child(key, new JsonObject { ["type"] = "array" });

    public JsonObject ToJson()
    {
        var properties = new JsonObject();
        JsonNode rest = false;
        foreach (var key in _members.Keys)
        {
            var made = Made(key);
            if (key == YamlSection.AnyName) rest = made;
            else properties[key] = made;
        }

        var json = new JsonObject { ["type"] = "object", ["properties"] = properties, ["additionalProperties"] = rest };
        if (_required.Count > 0) json["required"] = new JsonArray([.. _required.Select(name => JsonValue.Create(name))]);
        return json;
    }

    private JsonObject Made(string key)
    {
        var member = _members[key].DeepClone().AsObject();
        if (!_children.TryGetValue(key, out var child)) return member;
        if (member.ContainsKey("type"))
        {
            member["items"] = child.ToJson();
            return member;
        }

        return _maybeText.Contains(key) ? new JsonObject { ["anyOf"] = new JsonArray(new JsonObject { ["type"] = "string" }, child.ToJson()) } : child.ToJson();
    }

    private SchemaNode Child(string key, JsonObject form)
    {
        _members[key] = form;
        return _children[key] = new SchemaNode();
    }
}
