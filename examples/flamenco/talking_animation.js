// SPDX-License-Identifier: MIT
// A job type for Flamenco 3 (https://flamenco.blender.org): all lines of a table, so many rows a task.
// Put this file into the folder "scripts" beside Flamenco Manager. Table, program and outputs lie where all workers find them.

const JOB_TYPE = {
    label: "Talking Animation: lines of a table",
    settings: [
        { key: "table", type: "string", subtype: "file_path", required: true,
          description: "The CSV file: output, voice, picture, blend, character, style, take, …" },
        { key: "rows", type: "int32", required: true,
          description: "How many rows it has below its header" },
        { key: "rows_per_task", type: "int32", default: 5,
          description: "How many rows a worker makes at a time" },
        { key: "output", type: "string", subtype: "dir_path", default: "",
          description: "Where relative outputs go; empty for the folder of the table" },
        { key: "program", type: "string", subtype: "dir_path", required: true,
          description: "The folder of this product, which holds inference/" },
        { key: "python", type: "string", default: "python3",
          description: "A Python with the packages of the full engine (build.py setup --full names it)" },
        { key: "blender", type: "string", default: "{blender}",
          description: "For lines with a .blend" },
    ],
};

// Blender's add-on fills in what is left out; whoever submits a job in another way may not.
function settingsOf(job) {
    const settings = {};
    for (const { key, default: usual } of JOB_TYPE.settings) {
        settings[key] = key in job.settings ? job.settings[key] : usual;
        if (settings[key] === undefined) {
            throw new Error(`${key} is missing.`);
        }
    }
    return settings;
}

function compileJob(job) {
    const settings = settingsOf(job);
    if (!(settings.rows >= 1)) {
        throw new Error("Rows: say how many rows the table has below its header.");
    }
    const step = Math.max(1, Math.floor(settings.rows_per_task));
    for (let first = 1; first <= settings.rows; first += step) {
        const rows = `${first}-${Math.min(first + step - 1, settings.rows)}`;
        const task = author.Task(`rows-${rows}`, "misc");
        const output = settings.output ? ["--output", settings.output] : [];
        // -c, since a task has no working folder and no environment of its own.
        const start = "import runpy, sys; sys.path.insert(0, sys.argv.pop(1)); runpy.run_module('inference', run_name='__main__', alter_sys=True)";
        task.addCommand(author.Command("exec", {
            exe: settings.python,
            args: ["-c", start, settings.program, "batch", settings.table, "--rows", rows, "--blender", settings.blender]
                .concat(output),
        }));
        job.addTask(task);
    }
}
