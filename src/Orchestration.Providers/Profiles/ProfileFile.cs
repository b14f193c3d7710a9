using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace Orchestration.Providers.Profiles;

/// <summary>Reads one profile. What a file says of single models is laid over what it says of the vendor, so that every member can differ by model.</summary>
internal static class ProfileFile
{
    private static readonly JsonSerializerOptions Format = new(JsonSerializerDefaults.Web)
    {
        Converters = { new JsonStringEnumConverter(namingPolicy: null, allowIntegerValues: false) },
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        RespectNullableAnnotations = true,
    };

    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false };

    /// <exception cref="InvalidDataException">The file is no profile; the message names file and member.</exception>
    public static VendorProfile Read(string path)
    {
        var at = "";
        try
        {
            if (JsonNode.Parse(File.ReadAllBytes(path), documentOptions: Strict) is not JsonObject file)
                throw new InvalidDataException($"Vendor profile {path} is no object.");

            var chat = file["chat"] as JsonObject;
            var models = TakeModels(chat);
            var profile = file.Deserialize<VendorProfile>(Format)!;
            var read = new List<ModelProfile>(models.Count);
            foreach (var (index, model) in models.Index())
            {
                at = $" chat.models[{index}]";
                read.Add(ReadModel(model, chat!));
            }

            return read.Count == 0 ? profile : profile with { Chat = profile.Chat with { Models = read } };
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            throw new InvalidDataException($"Vendor profile {path}:{at} {exception.Message}", exception);
        }
    }

    private static List<JsonObject> TakeModels(JsonObject? chat)
    {
        if (chat is null || !chat.TryGetPropertyValue("models", out var models))
            return [];
        if (models is not JsonArray list || list.Any(m => m is not JsonObject))
            throw new JsonException("chat.models must be a list of objects.");

        chat.Remove("models");
        return [.. list.Select(m => m!.AsObject())];
    }

    private static ModelProfile ReadModel(JsonObject model, JsonObject chat)
    {
        var match = model["match"].Deserialize<string[]>(Format) ?? throw new JsonException("match must be given.");
        model.Remove("match");
        return new ModelProfile(match, Over(chat, model).Deserialize<ChatProfile>(Format)!);
    }

    private static JsonObject Over(JsonObject general, JsonObject special)
    {
        var result = general.DeepClone().AsObject();
        foreach (var (name, value) in special)
        {
            result[name] = (result[name], value) switch
            {
                (JsonObject below, JsonObject above) => Over(below, above),
                (JsonArray below, JsonArray above) when name == "rules" => Rules(below, above),
                _ => value?.DeepClone(),
            };
        }

        return result;
    }

    private static JsonArray Rules(JsonArray general, JsonArray special)
    {
        var replaced = special.Select(ParamOf).ToHashSet();
        return [.. general.Where(r => !replaced.Contains(ParamOf(r))).Concat(special).Select(r => r?.DeepClone())];
    }

    private static string ParamOf(JsonNode? rule) => rule?["param"]?.GetValue<string>() ?? "";
}
