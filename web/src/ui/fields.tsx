// Form fields with label, help and error tied together for screen readers.

import { useId, type ReactNode } from "react";

interface FieldProps {
  label: string;
  help?: ReactNode;
  error?: string | null | undefined;
  testid?: string;
}

function describe(id: string, help: ReactNode, error: string | null | undefined) {
  const ids = [help ? `${id}-help` : "", error ? `${id}-error` : ""].filter(Boolean).join(" ");
  return ids || undefined;
}

function Around({ id, label, help, error, children }: FieldProps & {
  id: string; children: ReactNode;
}) {
  return (
    <div className={`field ${error ? "invalid" : ""}`}>
      <label htmlFor={id}>{label}</label>
      {children}
      {help && <p className="help" id={`${id}-help`}>{help}</p>}
      {error && <p className="error" id={`${id}-error`}>{error}</p>}
    </div>
  );
}

export function TextField({ label, help, error, testid, value, onChange, ...input }:
  FieldProps & {
    value: string;
    onChange: (value: string) => void;
    type?: string;
    name?: string;
    autoComplete?: string;
    required?: boolean;
    placeholder?: string;
    list?: string;
    inputMode?: "text" | "decimal" | "numeric" | "email";
    minLength?: number;
    maxLength?: number;
    lang?: string;
    autoFocus?: boolean;
    disabled?: boolean;
    spellCheck?: boolean;
  }) {
  const id = useId();
  return (
    <Around id={id} label={label} help={help} error={error}>
      <input
        {...input} id={id} value={value} data-testid={testid}
        aria-invalid={error ? true : undefined} aria-describedby={describe(id, help, error)}
        onChange={(event) => onChange(event.target.value)}
      />
    </Around>
  );
}

export function SelectField({ label, help, error, testid, value, onChange, options, disabled }:
  FieldProps & {
    value: string; onChange: (value: string) => void; options: [string, string][];
    disabled?: boolean;
  }) {
  const id = useId();
  return (
    <Around id={id} label={label} help={help} error={error}>
      <select
        id={id} value={value} data-testid={testid} disabled={disabled}
        aria-describedby={describe(id, help, error)}
        onChange={(event) => onChange(event.target.value)}
      >
        {options.map(([key, text]) => <option key={key} value={key}>{text}</option>)}
      </select>
    </Around>
  );
}

export function Check({ label, checked, onChange, testid, indent, mixed }: {
  label: ReactNode; checked: boolean; onChange: (checked: boolean) => void; testid?: string;
  indent?: number; mixed?: boolean;
}) {
  return (
    <label className="check" style={indent ? { marginInlineStart: `${indent * 22}px` } : undefined}>
      <input
        type="checkbox" checked={checked} data-testid={testid}
        ref={(box) => {
          if (box) box.indeterminate = Boolean(mixed && !checked);
        }}
        onChange={(event) => onChange(event.target.checked)}
      />
      <span>{label}</span>
    </label>
  );
}

export function Group({ label, help, error, children, testid }: FieldProps & {
  children: ReactNode;
}) {
  const id = useId();
  return (
    <fieldset className={`field ${error ? "invalid" : ""}`} data-testid={testid}
      aria-describedby={describe(id, help, error)}>
      <legend>{label}</legend>
      {children}
      {help && <p className="help" id={`${id}-help`}>{help}</p>}
      {error && <p className="error" id={`${id}-error`}>{error}</p>}
    </fieldset>
  );
}
