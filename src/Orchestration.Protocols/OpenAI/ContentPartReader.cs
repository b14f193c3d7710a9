using System.Text.Json;
using Orchestration.Contracts.Chat.V1;
using Orchestration.Protocols.Json;

namespace Orchestration.Protocols.OpenAI;

/// <summary>Reads the content of a message: a string, or a list of parts.</summary>
internal static class ContentPartReader
{
    private const string Member = "content";

    public static IReadOnlyList<Part> ReadContent(RequestContext context, JsonElement value)
    {
        if (value.ValueKind == JsonValueKind.String)
            return [new Part { Text = new Text { Text_ = value.GetString() } }];
        if (value.ValueKind != JsonValueKind.Array)
        {
            context.WrongType(Member, "a string or an array of parts", value);
            return [];
        }

        return [.. context.Objects(value, Member, OpenAIRequestLimits.PartsPerMessage).Select(item => Read(context, item))];
    }

    private static Part Read(RequestContext context, JsonElement value)
    {
        if (!value.TryGetProperty("type", out var type))
        {
            context.Missing("type");
            return new Part();
        }

        var kind = context.Text(type, "type", 64);
        return kind switch
        {
            "text" => ReadText(context, value, "text", text => new Part { Text = new Text { Text_ = text } }),
            "refusal" => ReadText(context, value, "refusal", text => new Part { Refusal = new Refusal { Text = text } }),
            "image_url" => ReadNested(context, value, kind, new Part { Image = new Image() }, ReadImage),
            "file" => ReadNested(context, value, kind, new Part { File = new Contracts.Chat.V1.File() }, ReadFile),
            "input_audio" => ReadNested(context, value, kind, new Part { Audio = new Audio() }, ReadAudio),
            // A vendor's own kind, such as video_url: kept whole, for that vendor only.
            _ => new Part { Extensions = value.GetRawText() },
        };
    }

    private static Part ReadText(RequestContext context, JsonElement value, string name, Func<string, Part> create)
    {
        var text = "";
        var given = false;
        var others = new JsonBag();
        foreach (var member in value.EnumerateObject())
        {
            if (member.NameEquals(name))
            {
                given = true;
                text = context.Text(member.Value, name);
            }
            else if (!member.NameEquals("type"))
            {
                others.Add(member);
            }
        }

        if (!given)
            context.Missing(name);
        var part = create(text);
        part.Extensions = others.ToString();
        return part;
    }

    private static Part ReadNested(RequestContext context, JsonElement value, string name, Part part, Func<RequestContext, JsonProperty, Part, bool> readMember)
    {
        var others = new JsonBag();
        var given = false;
        foreach (var member in value.EnumerateObject())
        {
            if (member.NameEquals(name))
            {
                given = true;
                others.Add(name, ReadInner(context, member.Value, name, part, readMember));
            }
            else if (!member.NameEquals("type"))
            {
                others.Add(member);
            }
        }

        if (!given)
            context.Missing(name);
        part.Extensions = others.ToString();
        return part;
    }

    private static JsonBag ReadInner(RequestContext context, JsonElement value, string name, Part part, Func<RequestContext, JsonProperty, Part, bool> readMember)
    {
        var others = new JsonBag();
        if (name == "image_url" && value.ValueKind == JsonValueKind.String)
        {
            part.Image.Url = Media(context, value, name);
            context.Warn(name, "parameter_changed", "'image_url' must be an object; the text was taken as its 'url'.");
            return others;
        }

        if (!context.IsObject(value, name))
            return others;

        context.Enter(name);
        foreach (var member in value.EnumerateObject())
        {
            if (member.Value.ValueKind == JsonValueKind.Null || !readMember(context, member, part))
                others.Add(member);
        }

        if (part.ContentCase == Part.ContentOneofCase.Image && part.Image.SourceCase == Image.SourceOneofCase.None)
            context.Missing("url");
        if (part.ContentCase == Part.ContentOneofCase.Audio && part.Audio.Base64.Length == 0)
            context.Missing("data");
        context.Leave();
        return others;
    }

    private static bool ReadImage(RequestContext context, JsonProperty member, Part part)
    {
        switch (member.Name)
        {
            case "url":
                part.Image.Url = Media(context, member.Value, member.Name);
                return true;
            case "detail":
                part.Image.Detail = context.Text(member.Value, member.Name, 32);
                return true;
            default:
                return false;
        }
    }

    private static bool ReadFile(RequestContext context, JsonProperty member, Part part)
    {
        switch (member.Name)
        {
            case "file_data" when part.File.SourceCase == Contracts.Chat.V1.File.SourceOneofCase.None:
                part.File.Url = Media(context, member.Value, member.Name);
                return true;
            case "file_id" when part.File.SourceCase == Contracts.Chat.V1.File.SourceOneofCase.None:
                part.File.FileId = context.Text(member.Value, member.Name, OpenAIRequestLimits.NameCharacters);
                return true;
            case "filename":
                part.File.FileName = context.Text(member.Value, member.Name, OpenAIRequestLimits.NameCharacters);
                return true;
            default:
                return false;
        }
    }

    private static bool ReadAudio(RequestContext context, JsonProperty member, Part part)
    {
        switch (member.Name)
        {
            case "data":
                part.Audio.Base64 = Media(context, member.Value, member.Name);
                return true;
            case "format":
                part.Audio.Format = context.Text(member.Value, member.Name, 32);
                return true;
            default:
                return false;
        }
    }

    private static string Media(RequestContext context, JsonElement value, string name) =>
        context.Text(value, name, OpenAIRequestLimits.InlineMediaCharacters);
}
